package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.PatchType;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the status of Prometheus objects: `Reconciled` says whether it is configured as it should
/// be, `Available` whether it answers.
///
/// @param tools what it is done with
record PrometheusStatus(PrometheusTools tools) {

  private static final String RECONCILED = "Reconciled";
  private static final String AVAILABLE = "Available";
  private static final String NOTHING =
      "No ServiceMonitor, PodMonitor, Probe, ScrapeConfig, and PrometheusRule have been selected.";

  /// Settings that are kept, but have no effect here.
  private static final List<String> LEFT_OUT =
      List.of(
          "additionalScrapeConfigs",
          "additionalAlertManagerConfigs",
          "additionalAlertRelabelConfigs",
          "additionalArgs",
          "remoteRead",
          "remoteWrite",
          "thanos");

  /// How a Prometheus stands.
  ///
  /// @param failure why it is not configured as it should be; empty if it is
  /// @param selected how many objects it selects
  /// @param server null if there is none
  /// @param disk what is wrong with the disk; empty if nothing is
  record State(String failure, int selected, @Nullable PrometheusServer server, String disk) {}

  /// Writes it, if it has changed.
  void write(Prometheus prometheus, State state) {
    Struct object = prometheus.object();
    long generation = Meta.of(object).generation();
    List<Struct> before = object.structs("status", "conditions");
    List<Struct> conditions =
        Conditions.timed(
            List.of(available(state, generation), reconciled(prometheus, state, generation)),
            before,
            tools.world().now());
    long ready = isReady(state) ? 1 : 0;
    Struct status =
        new StructBuilder()
            .add("availableReplicas", ready)
            .add("conditions", conditions)
            .add("paused", prometheus.isPaused())
            .add("replicas", 1L)
            .add("shards", 1L)
            .add("unavailableReplicas", 1 - ready)
            .add("updatedReplicas", 1L)
            .build();
    if (status.equals(object.struct("status"))) {
      return;
    }
    tools
        .api()
        .patch(
            MonitoringResources.PROMETHEUSES,
            prometheus.key().namespace(),
            prometheus.key().name(),
            "status",
            PatchType.MERGE,
            Struct.of("status", status));
    conditions.forEach(each -> tell(object, before, each));
  }

  /// What became worse is an event.
  private void tell(Struct object, List<Struct> before, Struct condition) {
    String message = condition.string("message");
    boolean news =
        before.stream()
            .noneMatch(
                one ->
                    one.string("type").equals(condition.string("type"))
                        && one.string("message").equals(message));
    if (news && !condition.string("status").equals("True") && !message.isEmpty()) {
      tools.events().warning(object, condition.string("reason"), message);
    }
  }

  private static Struct reconciled(Prometheus prometheus, State state, long generation) {
    if (!state.failure().isEmpty()) {
      return Conditions.of(
          RECONCILED, "False", "ReconciliationFailed", state.failure(), generation);
    }
    List<String> without = LEFT_OUT.stream().filter(each -> prometheus.spec().has(each)).toList();
    if (!without.isEmpty()) {
      return Conditions.of(
          RECONCILED,
          "True",
          "FieldsLeftOut",
          "these fields have no effect here: " + String.join(", ", without),
          generation);
    }
    return state.selected() == 0
        ? Conditions.of(RECONCILED, "True", "NoSelectedResources", NOTHING, generation)
        : Conditions.of(RECONCILED, "True", "", "", generation);
  }

  private static boolean isReady(State state) {
    PrometheusServer server = state.server();
    return server != null && server.state().ready();
  }

  private static Struct available(State state, long generation) {
    PrometheusServer server = state.server();
    if (server == null) {
      return Conditions.of(AVAILABLE, "False", "NotStarted", state.failure(), generation);
    }
    ProgramState program = server.state();
    if (!program.ready()) {
      String why = program.problem();
      return Conditions.of(
          AVAILABLE,
          "False",
          "NoPodReady",
          why.isEmpty() ? "it is starting" : "it has ended and is started again: " + why,
          generation);
    }
    return state.disk().isEmpty()
        ? Conditions.of(AVAILABLE, "True", "", "", generation)
        : Conditions.of(AVAILABLE, "Degraded", "DiskFull", state.disk(), generation);
  }
}
