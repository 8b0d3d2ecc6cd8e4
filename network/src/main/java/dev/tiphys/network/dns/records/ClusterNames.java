package dev.tiphys.network.dns.records;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.network.LiveChanges;
import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows Services, their endpoints and namespaces, and answers for their names.
///
/// What changes in the cluster is in the answers as soon as it is known. While the API is away the
/// last state that was known is answered.
///
/// Threads: any.
public final class ClusterNames implements AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Informer services;
  private final Informer slices;
  private final Informer namespaces;
  private final ObjectIndex slicesOf;
  private final List<InetAddress> servers;
  private final World world;
  private final LiveChanges live;
  private final Gate changed;
  private final SupervisedTask task;
  private final Object lock = new Object();
  private Set<ObjectKey> dirty = new HashSet<>(); // guarded by lock
  private Zone wanted; // guarded by lock
  private long servicesSeen; // the newest revision; guarded by lock
  private long slicesSeen; // the newest revision; guarded by lock
  private volatile NameTable table;
  private volatile boolean complete;

  /// @param servers the addresses where Pods ask
  /// @param live is told what is answered for
  public ClusterNames(
      World world, Api api, Zone zone, List<InetAddress> servers, LiveChanges live) {
    this.world = world;
    this.live = live;
    this.servers = List.copyOf(servers);
    this.wanted = zone;
    this.table = new NameTable(zone, servers);
    this.changed = world.background().gate();
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.namespaces = new Informer(world, api, ApiResource.NAMESPACES);
    this.slicesOf = slices.index(slice -> List.of(serviceOf(slice).toString()));
    services.listen(Informer.Listener.ofAll(this::serviceChanged));
    namespaces.listen(
        Informer.Listener.ofAll(each -> mark(new ObjectKey("", Meta.of(each).name()))));
    slices.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct slice) {
            sliceChanged(slice);
          }

          @Override
          public void updated(Struct before, Struct now) {
            mark(serviceOf(before));
            sliceChanged(now);
          }

          @Override
          public void deleted(Struct last) {
            sliceChanged(last);
          }
        });
    this.task = world.supervisor().task("dns-names", OnFailure.RESTART);
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private void serviceChanged(Struct service) {
    synchronized (lock) {
      servicesSeen = Math.max(servicesSeen, Meta.of(service).revision());
    }
    mark(ObjectKey.of(service));
  }

  private void sliceChanged(Struct slice) {
    synchronized (lock) {
      slicesSeen = Math.max(slicesSeen, Meta.of(slice).revision());
    }
    mark(serviceOf(slice));
  }

  private void mark(ObjectKey key) {
    synchronized (lock) {
      dirty.add(key);
    }
    changed.open();
  }

  /// Starts to follow, and returns at once.
  public void start() {
    services.start();
    slices.start();
    namespaces.start();
    task.start(this::run);
  }

  /// Changes how records are made.
  public void change(Zone zone) {
    synchronized (lock) {
      wanted = zone;
    }
    changed.open();
  }

  private void run() throws InterruptedException {
    services.awaitSynced();
    slices.awaitSynced();
    namespaces.awaitSynced();
    rebuild();
    while (true) {
      changed.await();
      if (wanted().equals(table.zone())) {
        Taken taken = take();
        taken.dirty().forEach(key -> update(table, key));
        live.add(taken.services(), taken.slices(), world.now());
      } else {
        rebuild();
      }
    }
  }

  private Zone wanted() {
    synchronized (lock) {
      return wanted;
    }
  }

  /// What is to be made anew, and the newest revisions that are known.
  private record Taken(Set<ObjectKey> dirty, long services, long slices) {}

  private Taken take() {
    synchronized (lock) {
      Taken taken = new Taken(dirty, servicesSeen, slicesSeen);
      dirty = new HashSet<>();
      return taken;
    }
  }

  private void rebuild() {
    Taken taken = take();
    NameTable next = new NameTable(wanted(), servers);
    namespaces.list().forEach(each -> next.putNamespace(Meta.of(each).name()));
    services.list().forEach(each -> update(next, ObjectKey.of(each)));
    table = next;
    complete = true;
    live.add(taken.services(), taken.slices(), world.now());
  }

  /// @param key of a Service, or of a namespace
  private void update(NameTable names, ObjectKey key) {
    if (!key.namespace().isEmpty()) {
      Struct service = services.find(key);
      names.put(
          key.toString(),
          service == null
              ? Map.of()
              : ServiceRecords.of(names.zone(), service, slicesOf.with(key.toString())));
    } else if (namespaces.find(key) == null) {
      names.removeNamespace(key.name());
    } else {
      names.putNamespace(key.name());
    }
  }

  /// The answer to a question about the cluster; null if it is none about the cluster. As long as
  /// nothing is known of the cluster, it is that nothing can be said.
  public @Nullable Answer answer(Name name, int type) {
    Answer answer = table.answer(name, type);
    return answer == null || complete ? answer : Answer.of(Rcode.SERVFAIL);
  }

  /// Whether the cluster has been seen as a whole.
  public boolean complete() {
    return complete;
  }

  /// How many names there are.
  public int size() {
    return table.size();
  }

  @Override
  public void close() {
    task.close();
    services.close();
    slices.close();
    namespaces.close();
  }
}
