package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.monitoring.server.ServerStatus;
import dev.tiphys.monitoring.server.ServerStatus.Trouble;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is said of a Prometheus besides what is said of any server.
///
/// @param tools what it is done with
record PrometheusStatus(ServerTools tools) {

  private static final String NOTHING =
      "No ServiceMonitor, PodMonitor, Probe, ScrapeConfig, and PrometheusRule have been selected.";

  /// Settings that are kept, but have no effect here.
  private static final List<String> LEFT_OUT = List.of("thanos");

  /// How a Prometheus stands.
  ///
  /// @param failure why it is not configured as it should be; empty if it is
  /// @param selected how many objects it selects
  /// @param server null if there is none
  /// @param disk what is wrong with the disk; empty if nothing is
  record State(String failure, int selected, @Nullable Server server, String disk) {

    private boolean isReady() {
      return server != null && server.state().ready();
    }
  }

  /// Writes it, if it has changed.
  void write(Prometheus prometheus, State state) {
    long generation = Meta.of(prometheus.object()).generation();
    Trouble trouble = state.disk().isEmpty() ? Trouble.NONE : new Trouble("DiskFull", state.disk());
    new ServerStatus(tools, MonitoringResources.PROMETHEUSES)
        .write(
            prometheus.object(),
            List.of(
                ServerStatus.available(state.server(), state.failure(), trouble, generation),
                reconciled(prometheus, state, generation)),
            state.isReady(),
            Struct.of("shards", 1L));
  }

  private static Struct reconciled(Prometheus prometheus, State state, long generation) {
    List<String> without = LEFT_OUT.stream().filter(each -> prometheus.spec().has(each)).toList();
    if (!state.failure().isEmpty()) {
      return ServerStatus.reconciled(state.failure(), generation);
    }
    if (!without.isEmpty()) {
      return ServerStatus.reconciled(
          "FieldsLeftOut",
          "these fields have no effect here: " + String.join(", ", without),
          generation);
    }
    return state.selected() == 0
        ? ServerStatus.reconciled("NoSelectedResources", NOTHING, generation)
        : ServerStatus.reconciled("", generation);
  }
}
