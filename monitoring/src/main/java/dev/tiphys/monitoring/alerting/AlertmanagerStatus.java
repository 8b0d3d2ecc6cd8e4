package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.PatchType;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.server.Conditions;
import dev.tiphys.monitoring.server.KeptServer;
import dev.tiphys.monitoring.server.ServerStatus;
import dev.tiphys.monitoring.server.ServerStatus.Trouble;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// Writes how an Alertmanager fares, and what it makes of the AlertmanagerConfigs that it selects.
record AlertmanagerStatus(ServerTools tools, Alertmanager alertmanager) {

  /// Writes the status of the Alertmanager, if it has changed. What becomes worse is an event.
  ///
  /// @param failure why it is not configured as it should be; empty if it is
  void write(String failure, KeptServer server) {
    long generation = Meta.of(alertmanager.object()).generation();
    new ServerStatus(tools, MonitoringResources.ALERTMANAGERS)
        .write(
            alertmanager.object(),
            List.of(
                ServerStatus.available(server.server(), failure, Trouble.NONE, generation),
                ServerStatus.reconciled(failure, generation)),
            server.isReady(),
            Struct.EMPTY);
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
    Struct _ =
        tools
            .api()
            .patch(
                MonitoringResources.ALERTMANAGER_CONFIGS,
                Meta.of(config).namespace(),
                Meta.of(config).name(),
                "status",
                PatchType.MERGE,
                Struct.of("status", Struct.of("bindings", List.copyOf(now))));
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
}
