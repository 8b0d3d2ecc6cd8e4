package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Follows the APIServices that name other servers: finds out whether these can be asked, and says
/// so in the conditions. An APIService is looked at as soon as it changes, or its Service or the
/// endpoints of that do; and now and then, since servers don't tell when they end.
///
/// Threads: one task, and one for each server that is being looked at, so that none waits for
/// another.
public final class Aggregator {

  /// How often what other servers serve is looked at if nothing changes.
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private static final String OWNER = "kubernetes.io/service-name";

  private final World world;
  private final Catalog catalog;
  private final Watches watches;
  private final RemoteServers servers;
  private final RemoteGroups groups;
  private final ApiServices services;

  public Aggregator(
      World world, Catalog catalog, Watches watches, RemoteServers servers, RemoteGroups groups) {
    this.world = world;
    this.catalog = catalog;
    this.watches = watches;
    this.servers = servers;
    this.groups = groups;
    this.services = new ApiServices(world, catalog);
  }

  /// Returns the task that goes on until it is closed.
  public SupervisedTask start() {
    return world.supervisor().start("aggregator", Supervisor.OnFailure.RESTART, this::follow);
  }

  /// Tells how often servers became unavailable.
  public void write(Exposition out) {
    services.write(out);
  }

  private void follow() throws InterruptedException {
    Gate news = world.gate();
    Looks looks = new Looks(news);
    try (WatchCursor registered = open("apiregistration.k8s.io", "apiservices", news);
        WatchCursor named = open("", "services", news);
        WatchCursor endpoints = open("discovery.k8s.io", "endpointslices", news)) {
      long next = world.nanoTime();
      while (!registered.isClosed()) {
        boolean changed = pass(registered, looks::isNew);
        changed |= pass(named, notice -> looks.concerns(notice, "metadata", "name"));
        changed |= pass(endpoints, notice -> looks.concerns(notice, "metadata", "labels", OWNER));
        looks.finish();
        if (changed || world.nanoTime() - next >= 0) {
          looks.begin();
          next = world.nanoTime() + PERIOD.toNanos();
        }
        Timer end =
            world.background().schedule(Duration.ofNanos(next - world.nanoTime()), news::open);
        try {
          news.await();
        } finally {
          end.cancel();
        }
      }
    }
  }

  private WatchCursor open(String group, String plural, Gate news) {
    return watches.open(catalog.registry(group, plural), ApiServices.LATER, news);
  }

  /// Passes over what a watch tells. Returns whether any of it matters.
  private static boolean pass(WatchCursor cursor, Predicate<Notice> matters) {
    boolean any = false;
    for (Notice notice = cursor.poll(); notice != null; notice = cursor.poll()) {
      any |= matters.test(notice);
    }
    return any;
  }

  /// What a look at a server brought.
  private record Found(Availability availability, RemoteDescription description) {}

  private Found look(RemoteGroup group) {
    Availability availability = Availability.of(group, servers);
    if (!availability.available()) {
      return new Found(availability, RemoteDescription.NONE);
    }
    RemoteDescription known = group.description();
    return new Found(
        availability,
        known.isOld(world.now()) ? known.renewed(group, servers, world.now()) : known);
  }

  /// What is known of the servers, and the looks at them that are under way: one at a time at each.
  private final class Looks {

    private final Gate news;
    private final Map<String, RemoteGroup> known = new TreeMap<>(); // by the APIService's name
    private final Set<String> underWay = new HashSet<>();
    private final Set<String> again = new HashSet<>();

    // written by the looks
    private final Map<String, Found> found = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();

    Looks(Gate news) {
      this.news = news;
      for (RemoteGroup group : groups.all()) {
        known.put(group.name(), group);
      }
    }

    /// Whether an APIService is told of that is other than it was, or gone.
    boolean isNew(Notice notice) {
      Struct service = object(notice);
      RemoteGroup before = service == null ? null : known.get(service.string("metadata", "name"));
      return notice.type() == WatchEvent.Type.DELETED
          || before == null
          || service == null
          || !before.spec().equals(service.struct("spec"));
    }

    /// Whether what is told is about the Service of one of the servers.
    ///
    /// @param service where an object has the name of the Service
    boolean concerns(Notice notice, String... service) {
      Struct object = known.isEmpty() ? null : object(notice);
      return object != null
          && known.values().stream()
              .anyMatch(
                  group ->
                      group.namespace().equals(object.string("metadata", "namespace"))
                          && group.service().equals(object.string(service)));
    }

    private static @Nullable Struct object(Notice notice) {
      return notice.state() == null ? null : notice.state().object();
    }

    /// Begins a look at each server, and forgets those that no APIService names any more.
    void begin() {
      Set<String> present = new HashSet<>();
      for (Struct service : services.all()) {
        if (service.has("spec", "service")) {
          String name = service.string("metadata", "name");
          present.add(name);
          begin(name, service.struct("spec"));
        }
      }
      known.keySet().retainAll(present);
      groups.replace(known.values());
    }

    private void begin(String name, Struct spec) {
      RemoteGroup before = known.get(name);
      RemoteGroup group = before == null ? RemoteGroup.of(spec) : before.with(spec);
      known.put(name, group);
      if (!underWay.add(name)) {
        again.add(name);
        return;
      }
      world.start(
          "apiservice " + name,
          () -> {
            try {
              found.put(name, look(group));
            } finally {
              ended.add(name);
              news.open();
            }
          });
    }

    /// Acts on what the looks brought that have come to their end, and then tells of it: a client
    /// that waits for the condition asks the server next.
    void finish() {
      boolean any = false;
      Map<String, Availability> told = new TreeMap<>();
      for (String name = ended.poll(); name != null; name = ended.poll()) {
        underWay.remove(name);
        Found result = found.remove(name);
        if (result != null) { // or it failed, which was logged
          known.computeIfPresent(
              name, (_, group) -> group.with(result.availability, result.description));
          told.put(name, result.availability);
        }
        RemoteGroup group = known.get(name);
        if (again.remove(name) && group != null) {
          begin(name, group.spec());
        }
        any = true;
      }
      if (any) {
        groups.replace(known.values());
      }
      told.forEach(services::report);
    }
  }
}
