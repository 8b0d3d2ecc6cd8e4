package dev.tiphys.preview;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;

/// How a workload stands: `state` is `complete`, `failed` or `underway`, and `message` says more.
final class WorkloadState {

  private WorkloadState() {}

  static Struct of(Struct workload) {
    return switch (workload.string("kind")) {
      case "Deployment" -> deployment(workload);
      case "StatefulSet" -> statefulSet(workload);
      case "DaemonSet" -> daemonSet(workload);
      case "Job" -> job(workload);
      case "ReplicaSet", "ReplicationController" ->
          counted(
              workload.integer("status", "readyReplicas"),
              workload.integer("spec", "replicas"),
              "ready");
      default -> Struct.EMPTY;
    };
  }

  private static Struct deployment(Struct workload) {
    Struct progressing = Meta.condition(workload, "Progressing");
    if (progressing != null && progressing.string("status").equals("False")) {
      return state("failed", progressing.string("message"));
    }
    long wanted = workload.integer("spec", "replicas");
    long fit =
        Math.min(
            workload.integer("status", "updatedReplicas"),
            workload.integer("status", "availableReplicas"));
    Struct failure = Meta.condition(workload, "ReplicaFailure");
    if (fit < wanted && failure != null && failure.string("status").equals("True")) {
      return state("underway", failure.string("message"));
    }
    return counted(fit, wanted, "updated and available");
  }

  private static Struct statefulSet(Struct workload) {
    Struct status = workload.struct("status");
    Struct strategy = workload.struct("spec", "updateStrategy");
    boolean all =
        strategy.string("type").equals("RollingUpdate")
            && strategy.integer("rollingUpdate", "partition") == 0;
    boolean updated = status.string("updateRevision").equals(status.string("currentRevision"));
    long ready = status.integer("readyReplicas");
    long fit = !all || updated ? ready : Math.min(ready, status.integer("updatedReplicas"));
    return counted(fit, workload.integer("spec", "replicas"), all ? "updated and ready" : "ready");
  }

  private static Struct daemonSet(Struct workload) {
    Struct status = workload.struct("status");
    return counted(
        Math.min(status.integer("updatedNumberScheduled"), status.integer("numberReady")),
        status.integer("desiredNumberScheduled"),
        "updated and ready");
  }

  private static Struct job(Struct workload) {
    Struct failed = Meta.condition(workload, "Failed");
    if (failed != null && failed.string("status").equals("True")) {
      return state("failed", failed.string("message"));
    }
    return Meta.isTrue(workload, "Complete")
        ? state("complete", workload.integer("status", "succeeded") + " succeeded")
        : state("underway", workload.integer("status", "active") + " active");
  }

  private static Struct counted(long fit, long wanted, String word) {
    return state(fit >= wanted ? "complete" : "underway", fit + " of " + wanted + " " + word);
  }

  private static Struct state(String state, String message) {
    return new StructBuilder().add("state", state).add("message", message).build();
  }
}
