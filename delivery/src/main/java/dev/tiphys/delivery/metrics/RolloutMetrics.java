package dev.tiphys.delivery.metrics;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Map;

/// How Rollouts, AnalysisRuns and Experiments stand, as they are when they are asked for.
///
/// Threads: any.
///
/// @param rollouts all Rollouts
/// @param analyses all AnalysisRuns
/// @param experiments all Experiments
public record RolloutMetrics(Informer rollouts, Informer analyses, Informer experiments) {

  private static final List<String> ROLLOUT_PHASES =
      List.of("Completed", "Progressing", "Paused", "Timeout", "Error", "Abort", "InvalidSpec");
  private static final List<String> RUN_PHASES =
      List.of("Pending", "Error", "Failed", "Successful", "Running", "Inconclusive");

  /// What the reason of the condition `Progressing` says of the phase.
  private static final Map<String, String> BY_REASON =
      Map.of(
          "NewReplicaSetAvailable", "Completed",
          "RolloutPaused", "Paused",
          "ReplicaSetCreateError", "Error",
          "ProgressDeadlineExceeded", "Timeout",
          "RolloutAborted", "Abort");

  /// What routers are called, by their fields.
  private static final Map<String, String> ROUTERS =
      Map.of("alb", "ALB", "istio", "Istio", "nginx", "Nginx", "smi", "SMI", "traefik", "Traefik");

  private static final Map<String, String> PROVIDERS =
      Map.of("prometheus", "Prometheus", "job", "Job", "web", "WebMetric");

  private static final GaugeFamily INFO =
      Readings.family(
          "rollout_info", "Rollouts, and how they stand.", "strategy", "traffic_router", "phase");
  private static final GaugeFamily AVAILABLE =
      Readings.family("rollout_info_replicas_available", "Replicas that are available.");
  private static final GaugeFamily UNAVAILABLE =
      Readings.family("rollout_info_replicas_unavailable", "Replicas that are not available.");
  private static final GaugeFamily DESIRED =
      Readings.family("rollout_info_replicas_desired", "Replicas that there are to be.");
  private static final GaugeFamily UPDATED =
      Readings.family("rollout_info_replicas_updated", "Replicas of the newest version.");
  private static final GaugeFamily PHASE =
      Readings.family("rollout_phase", "How Rollouts stand, by phase.", "strategy", "phase");
  private static final GaugeFamily RUN =
      Readings.family("analysis_run_info", "AnalysisRuns, and how they stand.", "phase");
  private static final GaugeFamily RUN_PHASE =
      Readings.family("analysis_run_phase", "How AnalysisRuns stand, by phase.", "phase");
  private static final GaugeFamily TYPE =
      Readings.family(
          "analysis_run_metric_type", "What metrics are measured by.", "metric", "type");
  private static final GaugeFamily METRIC_PHASE =
      Readings.family(
          "analysis_run_metric_phase",
          "How metrics stand, by phase.",
          "metric",
          "type",
          "dry_run",
          "phase");
  private static final GaugeFamily EXPERIMENT =
      Readings.family("experiment_info", "Experiments, and how they stand.", "phase");
  private static final GaugeFamily EXPERIMENT_PHASE =
      Readings.family("experiment_phase", "How Experiments stand, by phase.", "phase");

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    Readings readings = new Readings();
    rollouts.list().forEach(each -> rollout(readings, each));
    analyses.list().forEach(each -> run(readings, each));
    for (Struct each : experiments.list()) {
      String phase = phase(each);
      readings.add(EXPERIMENT, each, 1, phase);
      readings.addPhase(EXPERIMENT_PHASE, each, RUN_PHASES, phase);
    }
    readings.write(out);
  }

  private static void rollout(Readings readings, Struct rollout) {
    Struct spec = rollout.struct("spec");
    Struct status = rollout.struct("status");
    String strategy =
        spec.has("strategy", "blueGreen")
            ? "blueGreen"
            : spec.has("strategy", "canary") ? "canary" : "none";
    String phase = rolloutPhase(rollout);
    readings.add(INFO, rollout, 1, strategy, router(spec), phase);
    long desired = spec.has("replicas") ? spec.integer("replicas") : 1;
    long available = status.integer("availableReplicas");
    readings.add(AVAILABLE, rollout, available);
    readings.add(UNAVAILABLE, rollout, status.integer("replicas") - available);
    readings.add(DESIRED, rollout, desired);
    readings.add(UPDATED, rollout, status.integer("updatedReplicas"));
    readings.addPhase(PHASE, rollout, ROLLOUT_PHASES, phase, strategy);
  }

  private static String rolloutPhase(Struct rollout) {
    if (Meta.condition(rollout, "InvalidSpec") != null) {
      return "InvalidSpec";
    }
    Struct progressing = Meta.condition(rollout, "Progressing");
    String reason = progressing == null ? "" : progressing.string("reason");
    return BY_REASON.getOrDefault(reason, "Progressing");
  }

  private static String router(Struct spec) {
    for (String field : spec.struct("strategy", "canary", "trafficRouting").names()) {
      String name = ROUTERS.get(field);
      if (name != null) {
        return name;
      }
    }
    return "";
  }

  private static String phase(Struct object) {
    String phase = object.string("status", "phase");
    return phase.isEmpty() ? "Pending" : phase;
  }

  private static void run(Readings readings, Struct run) {
    String phase = phase(run);
    readings.add(RUN, run, 1, phase);
    readings.addPhase(RUN_PHASE, run, RUN_PHASES, phase);
    for (Struct metric : run.structs("spec", "metrics")) {
      String name = metric.string("name");
      String type =
          metric.struct("provider").names().stream()
              .map(field -> PROVIDERS.getOrDefault(field, field))
              .findFirst()
              .orElse("");
      readings.add(TYPE, run, 1, name, type);
      Struct result =
          run.structs("status", "metricResults").stream()
              .filter(each -> each.string("name").equals(name))
              .findFirst()
              .orElse(Struct.EMPTY);
      String stands = result.string("phase");
      readings.addPhase(
          METRIC_PHASE,
          run,
          RUN_PHASES,
          stands.isEmpty() ? "Pending" : stands,
          name,
          type,
          Boolean.toString(result.bool("dryRun")));
    }
  }
}
