package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.util.List;

/// The APIServices, as the server itself reads and writes them.
///
/// Threads: any.
final class ApiServices {

  static final String GROUP = "apiregistration.k8s.io";

  /// Everything that happens from now on.
  static final WatchQuery LATER =
      new WatchQuery(
          "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, new WatchQuery.Start.Now());

  private static final String AGENT = "kube-apiserver";

  private final World world;
  private final Catalog catalog;
  private final CounterFamily unavailable =
      new CounterFamily(
          "aggregator_unavailable_apiservice_total",
          "How often an APIService that was available is not any more.",
          "name",
          "reason");

  ApiServices(World world, Catalog catalog) {
    this.world = world;
    this.catalog = catalog;
  }

  /// Tells what became unavailable.
  void write(Exposition out) {
    unavailable.write(out);
  }

  Registry registry() {
    return catalog.registry(GROUP, "apiservices");
  }

  List<Struct> all() {
    return registry().list(ListQuery.everything()).items().stream().map(Stored::object).toList();
  }

  /// Says in the condition of an APIService, if there still is one of that name, whether requests
  /// can be passed on.
  void report(String name, Availability found) {
    Stored present = registry().find("", name);
    if (present != null) {
      report(present.object(), found);
    }
  }

  /// Says in the condition of an APIService whether requests can be passed on.
  void report(Struct service, Availability found) {
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
    String name = service.string("metadata", "name");
    attempt(
        () -> {
          registry().updateStatus(call(), "", name, _ -> next);
          if (!found.available() && Meta.isTrue(service, "Available")) {
            unavailable.count(name, found.reason());
          }
        });
  }

  /// Does what another writer may have done meanwhile, or undone.
  static void attempt(Runnable write) {
    try {
      write.run();
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND, Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  static Call call() {
    UserInfo self = UserInfo.of("system:kube-aggregator", UserInfo.MASTERS, UserInfo.AUTHENTICATED);
    return new Call(self, AGENT, 0, false);
  }
}
