package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.prometheus.Conditions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes how an Alertmanager fares, and what it makes of the AlertmanagerConfigs that it selects.
record AlertmanagerStatus(AlertmanagerTools tools, Alertmanager alertmanager) {

  /// Writes the status of the Alertmanager, if it has changed. What becomes worse is an event.
  ///
  /// @param failure why it is not configured as it should be; empty if it is
  /// @param server null if there is none
  void write(String failure, @Nullable AlertmanagerServer server) {
    Struct object = alertmanager.object();
    long generation = Meta.of(object).generation();
    boolean ready = server != null && server.state().ready();
    List<Struct> before = object.structs("status", "conditions");
    List<Struct> conditions =
        Conditions.timed(
            List.of(
                available(failure, server, generation),
                failure.isEmpty()
                    ? Conditions.of("Reconciled", "True", "", "", generation)
                    : Conditions.of(
                        "Reconciled", "False", "ReconciliationFailed", failure, generation)),
            before,
            tools.world().now());
    long available = ready ? 1 : 0;
    Struct status =
        new StructBuilder()
            .add("availableReplicas", available)
            .add("conditions", conditions)
            .add("paused", alertmanager.isPaused())
            .add("replicas", 1L)
            .add("unavailableReplicas", 1 - available)
            .add("updatedReplicas", 1L)
            .build();
    if (!status.equals(object.struct("status"))) {
      patch(MonitoringResources.ALERTMANAGERS, object, status);
      tell(object, before, conditions);
    }
  }

  private static Struct available(
      String failure, @Nullable AlertmanagerServer server, long generation) {
    if (server == null) {
      return Conditions.of("Available", "False", "NotStarted", failure, generation);
    }
    String why = server.state().problem();
    return server.state().ready()
        ? Conditions.of("Available", "True", "", "", generation)
        : Conditions.of(
            "Available",
            "False",
            "NoPodReady",
            why.isEmpty() ? "it is starting" : "it has ended and is started again: " + why,
            generation);
  }

  private void tell(Struct object, List<Struct> before, List<Struct> conditions) {
    for (Struct each : conditions) {
      boolean news =
          before.stream()
              .noneMatch(
                  one ->
                      one.string("type").equals(each.string("type"))
                          && one.string("message").equals(each.string("message")));
      if (news && !each.string("status").equals("True") && !each.string("message").isEmpty()) {
        tools.events().warning(object, each.string("reason"), each.string("message"));
      }
    }
  }

  /// Says in the status of an AlertmanagerConfig whether it is taken.
  ///
  /// @param rejection why it is not; empty if it is
  void bind(Struct config, String rejection) {
    List<Struct> before = config.structs("status", "bindings");
    List<Struct> known =
        before.stream()
            .filter(this::isOurs)
            .flatMap(each -> each.structs("conditions").stream())
            .toList();
    List<Struct> now = new ArrayList<>(before.stream().filter(each -> !isOurs(each)).toList());
    now.add(
        new StructBuilder()
            .add("group", MonitoringResources.GROUP)
            .add("resource", MonitoringResources.ALERTMANAGERS.plural())
            .add("namespace", alertmanager.key().namespace())
            .add("name", alertmanager.key().name())
            .add(
                "conditions",
                Conditions.timed(
                    List.of(
                        Conditions.of(
                            "Accepted",
                            rejection.isEmpty() ? "True" : "False",
                            rejection.isEmpty() ? "" : "InvalidConfiguration",
                            rejection,
                            Meta.of(config).generation())),
                    known,
                    tools.world().now()))
            .build());
    if (now.equals(before)) {
      return;
    }
    patch(
        MonitoringResources.ALERTMANAGER_CONFIGS, config, Struct.of("bindings", List.copyOf(now)));
    boolean news = known.stream().noneMatch(each -> each.string("message").equals(rejection));
    if (!rejection.isEmpty() && news) {
      tools
          .events()
          .warning(
              config,
              "InvalidConfiguration",
              "\"%s\" was rejected due to invalid configuration: %s"
                  .formatted(Meta.of(config).key(), rejection));
    }
  }

  private boolean isOurs(Struct binding) {
    return binding.string("resource").equals(MonitoringResources.ALERTMANAGERS.plural())
        && binding.string("namespace").equals(alertmanager.key().namespace())
        && binding.string("name").equals(alertmanager.key().name());
  }

  private void patch(ApiResource resource, Struct object, Struct status) {
    Meta meta = Meta.of(object);
    Struct _ =
        tools
            .api()
            .patch(
                resource,
                meta.namespace(),
                meta.name(),
                "status",
                PatchType.MERGE,
                Struct.of("status", status));
  }
}
