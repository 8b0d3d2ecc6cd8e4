package dev.tiphys.network.proxy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.network.Prefix;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a proxy sees of the cluster, and which Services have changed since it last looked.
///
/// Threads: any.
final class Observed implements AutoCloseable {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String LEAVING = "ToBeDeletedByClusterAutoscaler";
  private static final String TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";
  private static final int MOST_TRIGGERS = 1000;
  private static final String ZONE = "topology.kubernetes.io/zone";

  /// Slices of Services without an address, and those that are left to another proxy, are not asked
  /// for.
  private static final ListOptions OF_THIS_PROXY =
      ListOptions.withLabels(
          "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name");

  private final Informer services;
  private final Informer slices;
  private final Informer node;
  private final Informer ranges;
  private final ObjectIndex slicesOf;
  private final String nodeName;
  private final Gate changed;
  private final Object lock = new Object();
  private Set<ObjectKey> dirty = new HashSet<>();
  private boolean everything = true;
  private final List<Instant> triggers = new ArrayList<>();
  private final Instant started;
  private long servicesSeen;
  private long slicesSeen;
  private boolean leaving = true;
  private long changedServices;
  private long changedSlices;
  private String zone = "";

  /// What has changed.
  ///
  /// @param everything whether all Services are to be looked at
  /// @param services those that are to be looked at; not told if all are
  /// @param revisions the newest that are in this, whether they changed or not
  /// @param leaving whether endpoints stopped to take connections, or it is the first time
  /// @param triggers when that happened which the slices follow
  /// @param objects how many Services and slices changed
  record Changes(
      boolean everything,
      Set<ObjectKey> services,
      Revisions revisions,
      boolean leaving,
      List<Instant> triggers,
      Counts objects) {}

  /// The newest revision of a Service, and of a slice; 0 before the first.
  record Revisions(long services, long slices) {}

  /// How many objects changed.
  record Counts(long services, long slices) {}

  Observed(World world, Api api, String nodeName) {
    this.nodeName = nodeName;
    this.started = world.now();
    this.changed = world.background().gate();
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES, "", OF_THIS_PROXY);
    this.node =
        new Informer(
            world, api, ApiResource.NODES, "", ListOptions.withFields("metadata.name=" + nodeName));
    this.ranges = new Informer(world, api, ApiResource.SERVICE_CIDRS);
    this.slicesOf = slices.index(slice -> List.of(serviceOf(slice).toString()));
    services.listen(Informer.Listener.ofAll(this::serviceChanged));
    slices.listen(new SliceListener());
    node.listen(Informer.Listener.ofAll(this::nodeChanged));
    ranges.listen(Informer.Listener.ofAll(_ -> markEverything()));
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private final class SliceListener implements Informer.Listener {
    @Override
    public void added(Struct slice) {
      changed(slice);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!serviceOf(before).equals(serviceOf(now))) {
        mark(serviceOf(before));
      }
      if (!ready(now).containsAll(ready(before))) {
        leave();
      }
      changed(now);
    }

    @Override
    public void deleted(Struct last) {
      leave();
      changed(last);
    }

    private void leave() {
      synchronized (lock) {
        leaving = true;
      }
    }

    private void changed(Struct slice) {
      Instant trigger = triggerOf(slice);
      synchronized (lock) {
        slicesSeen = Math.max(slicesSeen, Meta.of(slice).revision());
        changedSlices++;
        if (trigger != null && trigger.isAfter(started) && triggers.size() < MOST_TRIGGERS) {
          triggers.add(trigger);
        }
      }
      mark(serviceOf(slice));
    }
  }

  /// The addresses of endpoints that take connections.
  private static Set<String> ready(Struct slice) {
    Set<String> ready = new HashSet<>();
    for (Struct endpoint : slice.structs("endpoints")) {
      Struct conditions = endpoint.struct("conditions");
      if (!conditions.has("ready") || conditions.bool("ready")) {
        ready.addAll(endpoint.strings("addresses"));
      }
    }
    return ready;
  }

  private static @Nullable Instant triggerOf(Struct slice) {
    String text = Meta.of(slice).annotation(TRIGGER);
    try {
      return text.isEmpty() ? null : Timestamps.parse(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private void serviceChanged(Struct service) {
    synchronized (lock) {
      servicesSeen = Math.max(servicesSeen, Meta.of(service).revision());
      changedServices++;
    }
    mark(ObjectKey.of(service));
  }

  private void mark(ObjectKey service) {
    synchronized (lock) {
      dirty.add(service);
    }
    changed.open();
  }

  private void markEverything() {
    synchronized (lock) {
      everything = true;
    }
    changed.open();
  }

  private void nodeChanged(Struct now) {
    String zoneNow = Meta.of(now).label(ZONE);
    boolean moved;
    synchronized (lock) {
      moved = !zoneNow.equals(zone);
      zone = zoneNow;
    }
    if (moved) {
      markEverything();
    } else {
      changed.open();
    }
  }

  void start() {
    services.start();
    slices.start();
    node.start();
    ranges.start();
  }

  void awaitSynced() throws InterruptedException {
    services.awaitSynced();
    slices.awaitSynced();
    node.awaitSynced();
    // Servers before 1.33 have no ranges to tell of.
  }

  /// Is opened when something has changed.
  Gate changed() {
    return changed;
  }

  /// What has changed since the last call.
  Changes take() {
    synchronized (lock) {
      Changes changes =
          new Changes(
              everything,
              dirty,
              new Revisions(servicesSeen, slicesSeen),
              leaving,
              List.copyOf(triggers),
              new Counts(changedServices, changedSlices));
      dirty = new HashSet<>();
      triggers.clear();
      leaving = false;
      changedServices = 0;
      changedSlices = 0;
      everything = false;
      return changes;
    }
  }

  /// In which zone this node is; empty if that is not known.
  String zone() {
    synchronized (lock) {
      return zone;
    }
  }

  /// Whether load balancers may send to this node: it is not about to leave.
  boolean isEligible() {
    Struct own = node.find("", nodeName);
    return own == null
        || !Meta.of(own).isBeingDeleted()
            && own.structs("spec", "taints").stream()
                .noneMatch(taint -> taint.string("key").equals(LEAVING));
  }

  List<Struct> services() {
    return services.list();
  }

  @Nullable Struct service(ObjectKey key) {
    return services.find(key);
  }

  List<Struct> slicesOf(ObjectKey service) {
    return slicesOf.with(service.toString());
  }

  List<Struct> slices() {
    return slices.list();
  }

  /// Where Services have their addresses from.
  List<Prefix> serviceRanges() {
    List<Prefix> all = new ArrayList<>();
    for (Struct range : ranges.list()) {
      for (String text : range.struct("spec").strings("cidrs")) {
        Prefix prefix = Prefix.parse(text);
        if (prefix != null) {
          all.add(prefix);
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    services.close();
    slices.close();
    node.close();
    ranges.close();
  }
}
