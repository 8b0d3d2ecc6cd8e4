package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Keeps the APIServices of what this server serves itself: one for each version of custom
/// resources for as long as it is served, and on each of them that it is available.
///
/// Threads: one task.
public final class LocalApis {

  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private static final long CUSTOM_GROUP = 1_000;
  private static final long CUSTOM_VERSION = 100;

  private final World world;
  private final Catalog catalog;
  private final Watches watches;
  private final ApiServices services;

  public LocalApis(World world, Catalog catalog, Watches watches) {
    this.world = world;
    this.catalog = catalog;
    this.watches = watches;
    this.services = new ApiServices(world, catalog);
  }

  /// Returns the task that goes on until it is closed.
  public SupervisedTask start() {
    return world.supervisor().start("local-apis", Supervisor.OnFailure.RESTART, this::follow);
  }

  private void follow() throws InterruptedException {
    Gate news = world.gate();
    Runnable end = catalog.follow(news::open);
    try (WatchCursor cursor = watches.open(services.registry(), ApiServices.LATER, news)) {
      while (!cursor.isClosed()) {
        while (cursor.poll() != null) {
          // what there is now is looked at below
        }
        settle();
        news.await();
      }
    } finally {
      end.run();
    }
  }

  private void settle() {
    List<Struct> present = services.all();
    ensureCustom(present);
    for (Struct service : present) {
      if (!service.has("spec", "service")) {
        services.report(service, Availability.LOCAL);
      }
    }
  }

  private void ensureCustom(List<Struct> present) {
    Set<GroupVersion> served = new TreeSet<>();
    for (Resource resource : catalog.resources()) {
      switch (resource.schema()) {
        case Type _ -> {}
        case StructuralSchema _ -> served.add(resource.groupVersion());
      }
    }
    for (Struct service : present) {
      Struct spec = service.struct("spec");
      GroupVersion version = new GroupVersion(spec.string("group"), spec.string("version"));
      boolean there = served.remove(version);
      boolean managed = service.string("metadata", "labels", MANAGED).equals("true");
      if (managed && !there) {
        String name = service.string("metadata", "name");
        DeleteRequest plain = new DeleteRequest(null, "", "", "");
        ApiServices.attempt(() -> services.registry().delete(ApiServices.call(), "", name, plain));
      }
    }
    for (GroupVersion version : served) {
      ApiServices.attempt(
          () -> services.registry().create(ApiServices.call(), "", custom(version)));
    }
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
        .add("apiVersion", ApiServices.GROUP + "/v1")
        .add("kind", "APIService")
        .add("metadata", metadata)
        .add("spec", spec)
        .build();
  }
}
