package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.Task;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/// Follows the APIServices: finds out whether the servers that they name can be asked, says so in
/// their conditions, and keeps an APIService for each version of custom resources.
///
/// Threads: one task.
public final class Aggregator {

  private static final String GROUP = "apiregistration.k8s.io";
  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private static final String AGENT = "kube-apiserver";

  /// How often what other servers serve is looked at.
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private static final long CUSTOM_GROUP = 1_000;
  private static final long CUSTOM_VERSION = 100;

  private final World world;
  private final Catalog catalog;
  private final Watches watches;
  private final RemoteServers servers;
  private final RemoteGroups groups;

  public Aggregator(
      World world, Catalog catalog, Watches watches, RemoteServers servers, RemoteGroups groups) {
    this.world = world;
    this.catalog = catalog;
    this.watches = watches;
    this.servers = servers;
    this.groups = groups;
  }

  /// Returns the task that goes on until it is closed.
  public SupervisedTask start() {
    return world.supervisor().start("aggregator", Supervisor.OnFailure.RESTART, this::follow);
  }

  private Registry services() {
    return catalog.registry(GROUP, "apiservices");
  }

  private void follow() throws InterruptedException {
    WatchQuery later =
        new WatchQuery(
            "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, new WatchQuery.Start.Now());
    try (WatchCursor cursor = watches.open(services(), later)) {
      while (!cursor.isClosed()) {
        while (cursor.poll() != null) {
          // what there is now is looked at below
        }
        settle();
        Timer next = world.background().schedule(PERIOD, cursor::wake);
        try {
          cursor.await();
        } finally {
          next.cancel(); // or each change would begin a row of looks of its own
        }
      }
    }
  }

  /// Brings everything into line with the APIServices and with the custom resources.
  private void settle() throws InterruptedException {
    List<Struct> services =
        services().list(ListQuery.everything()).items().stream().map(Stored::object).toList();
    ensureCustom(services);
    List<Check> checks = new ArrayList<>();
    for (Struct service : services) {
      if (service.has("spec", "service")) {
        checks.add(begin(service));
      } else {
        report(service, Availability.LOCAL);
      }
    }
    List<RemoteGroup> remote = new ArrayList<>();
    for (Check check : checks) {
      remote.add(finish(check));
    }
    groups.replace(remote);
  }

  /// A look at one server. All are looked at at the same time, so that none waits for another.
  ///
  /// @param group as it was known before
  private record Check(
      Struct service, RemoteGroup group, AtomicReference<Found> found, Task task) {}

  /// What a look at a server brought.
  private record Found(Availability availability, RemoteDescription description) {}

  private Check begin(Struct service) {
    Struct spec = service.struct("spec");
    RemoteGroup before = groups.find(spec.string("group"), spec.string("version"));
    RemoteGroup group =
        before == null
            ? RemoteGroup.of(spec)
            : new RemoteGroup(spec, false, before.resources(), before.description());
    AtomicReference<Found> found = new AtomicReference<>();
    Task task =
        world.start(
            "apiservice " + service.string("metadata", "name"), () -> found.set(look(group)));
    return new Check(service, group, found, task);
  }

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

  private RemoteGroup finish(Check check) throws InterruptedException {
    check.task.join();
    Found found = check.found.get();
    if (found == null) { // it failed, which was logged
      return check.group;
    }
    Availability availability = found.availability;
    report(check.service, availability);
    return new RemoteGroup(
        check.group.spec(),
        availability.available(),
        availability.available() ? availability.resources() : check.group.resources(),
        found.description);
  }

  private void report(Struct service, Availability found) {
    Struct before = Meta.condition(service, "Available");
    String status = found.available() ? "True" : "False";
    boolean lasts = before != null && before.string("status").equals(status);
    if (lasts
        && before != null
        && before.string("reason").equals(found.reason())
        && before.string("message").equals(found.message())) {
      return;
    }
    Object since = lasts && before != null ? before.get("lastTransitionTime") : null;
    Struct condition =
        new StructBuilder()
            .add("lastTransitionTime", since == null ? Timestamps.seconds(world.now()) : since)
            .add("message", found.message())
            .add("reason", found.reason())
            .add("status", status)
            .add("type", "Available")
            .build();
    Struct next = service.withAt(List.of(condition), "status", "conditions");
    attempt(
        () -> services().updateStatus(call(), "", service.string("metadata", "name"), _ -> next));
  }

  /// An APIService for each version of custom resources, and for none that is gone.
  private void ensureCustom(List<Struct> services) {
    Set<GroupVersion> served = new TreeSet<>();
    for (Resource resource : catalog.resources()) {
      switch (resource.schema()) {
        case Type _ -> {}
        case StructuralSchema _ -> served.add(resource.groupVersion());
      }
    }
    for (Struct service : services) {
      Struct spec = service.struct("spec");
      GroupVersion version = new GroupVersion(spec.string("group"), spec.string("version"));
      boolean there = served.remove(version);
      boolean managed = service.string("metadata", "labels", MANAGED).equals("true");
      if (managed && !there) {
        String name = service.string("metadata", "name");
        attempt(() -> services().delete(call(), "", name, new DeleteRequest(null, "", "", "")));
      }
    }
    served.forEach(version -> attempt(() -> services().create(call(), "", custom(version))));
  }

  private static Struct custom(GroupVersion version) {
    Struct spec =
        new StructBuilder()
            .add("group", version.group())
            .add("version", version.version())
            .add("groupPriorityMinimum", CUSTOM_GROUP)
            .add("versionPriority", CUSTOM_VERSION)
            .build();
    Struct metadata =
        Struct.of(
            "name",
            version.version() + "." + version.group(),
            "labels",
            Struct.of(MANAGED, "true"));
    return new StructBuilder()
        .add("apiVersion", GROUP + "/v1")
        .add("kind", "APIService")
        .add("metadata", metadata)
        .add("spec", spec)
        .build();
  }

  /// Does what another writer may have done meanwhile, or undone.
  private static void attempt(Runnable write) {
    try {
      write.run();
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND, Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private static Call call() {
    UserInfo self = UserInfo.of("system:kube-aggregator", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
    return new Call(self, AGENT, 0, false);
  }
}
