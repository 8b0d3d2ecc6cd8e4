package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.math.RoundingMode;
import java.util.Set;

/// What the kinds say that keep Pods.
final class WorkloadFamilies {

  /// Reasons of a Deployment's conditions that are told by name.
  private static final Set<String> REASONS =
      Set.of(
          "ReplicaSetUpdated",
          "ReplicaSetCreateError",
          "NewReplicaSetCreated",
          "FoundNewReplicaSet",
          "NewReplicaSetAvailable",
          "ProgressDeadlineExceeded",
          "DeploymentPaused",
          "DeploymentResumed",
          "MinimumReplicasAvailable",
          "MinimumReplicasUnavailable",
          "");

  private WorkloadFamilies() {}

  static KindFamilies deployments() {
    return KindFamilies.Builder.namespaced("kube_deployment", ApiResource.DEPLOYMENTS, "deployment")
        .gauge("_owner", "What it belongs to.", WorkloadFamilies::owners)
        .created()
        .gauge("_status_replicas", "Pods that there are.", Rule.number("status", "replicas"))
        .gauge(
            "_status_replicas_ready",
            "Pods that can serve.",
            Rule.number("status", "readyReplicas"))
        .gauge(
            "_status_replicas_available",
            "Pods that have been able to serve for long enough.",
            Rule.number("status", "availableReplicas"))
        .gauge(
            "_status_replicas_unavailable",
            "Pods that are missing still.",
            Rule.number("status", "unavailableReplicas"))
        .gauge(
            "_status_replicas_updated",
            "Pods of the newest template.",
            Rule.number("status", "updatedReplicas"))
        .gauge(
            "_status_terminating_replicas",
            "Pods that are ending.",
            Rule.numberIfSet("status", "terminatingReplicas"))
        .observedGeneration()
        .gauge("_status_condition", "How it does.", WorkloadFamilies::conditions)
        .gauge("_spec_replicas", "Pods that are wanted.", Rule.numberIfSet("spec", "replicas"))
        .gauge("_spec_paused", "1 if it is paused, or else 0.", Rule.flag("spec", "paused"))
        .gauge(
            "_spec_strategy_rollingupdate_max_unavailable",
            "Pods that may be missing during an update.",
            share("maxUnavailable", RoundingMode.DOWN))
        .gauge(
            "_spec_strategy_rollingupdate_max_surge",
            "Pods that there may be too many during an update.",
            share("maxSurge", RoundingMode.UP))
        .generation()
        .deleted()
        .build();
  }

  private static void owners(Struct object, Samples out) {
    if (Meta.of(object).owners().isEmpty()) {
      out.add(1, "owner_kind", "", "owner_name", "");
    }
    for (Struct owner : Meta.of(object).owners()) {
      out.add(1, "owner_kind", owner.string("kind"), "owner_name", owner.string("name"));
    }
  }

  private static void conditions(Struct deployment, Samples out) {
    for (Struct condition : deployment.structs("status", "conditions")) {
      String reason = condition.string("reason");
      String told = REASONS.contains(reason) ? reason : "unknown";
      String type = condition.string("type");
      Rule.states(
          condition,
          (state, value) -> out.add(value, "reason", told, "condition", type, "status", state));
    }
  }

  /// A number of Pods, or a share of those that are wanted.
  private static Rule share(String name, RoundingMode rounding) {
    return (deployment, out) -> {
      Object value = deployment.get("spec", "strategy", "rollingUpdate", name);
      if (value == null || !deployment.has("spec", "replicas")) {
        return;
      }
      if (value instanceof Number number) {
        out.add(number.longValue());
        return;
      }
      String text = String.valueOf(value);
      if (text.matches("\\d{1,9}%")) {
        double percent = Long.parseLong(text, 0, text.length() - 1, 10);
        double exact = percent * deployment.integer("spec", "replicas") / 100;
        out.add(rounding == RoundingMode.UP ? Math.ceil(exact) : Math.floor(exact));
      }
    };
  }

  static KindFamilies replicaSets() {
    return replicas("kube_replicaset", ApiResource.REPLICA_SETS, "replicaset")
        .gauge(
            "_status_terminating_replicas",
            "Pods that are ending.",
            Rule.numberIfSet("status", "terminatingReplicas"))
        .build();
  }

  static KindFamilies replicationControllers() {
    return replicas(
            "kube_replicationcontroller",
            ApiResource.REPLICATION_CONTROLLERS,
            "replicationcontroller")
        .gauge(
            "_status_available_replicas",
            "Pods that have been able to serve for long enough.",
            Rule.number("status", "availableReplicas"))
        .build();
  }

  private static KindFamilies.Builder replicas(String prefix, ApiResource resource, String label) {
    return KindFamilies.Builder.namespaced(prefix, resource, label)
        .created()
        .gauge("_status_replicas", "Pods that there are.", Rule.number("status", "replicas"))
        .gauge(
            "_status_fully_labeled_replicas",
            "Pods that have all labels of the template.",
            Rule.number("status", "fullyLabeledReplicas"))
        .gauge(
            "_status_ready_replicas",
            "Pods that can serve.",
            Rule.number("status", "readyReplicas"))
        .observedGeneration()
        .gauge("_spec_replicas", "Pods that are wanted.", Rule.numberIfSet("spec", "replicas"))
        .generation()
        .owners();
  }

  static KindFamilies daemonSets() {
    return KindFamilies.Builder.namespaced("kube_daemonset", ApiResource.DAEMON_SETS, "daemonset")
        .created()
        .gauge(
            "_status_current_number_scheduled",
            "Nodes that have a Pod of it, and should.",
            Rule.number("status", "currentNumberScheduled"))
        .gauge(
            "_status_desired_number_scheduled",
            "Nodes that should have a Pod of it.",
            Rule.number("status", "desiredNumberScheduled"))
        .gauge(
            "_status_number_available",
            "Nodes whose Pod has been able to serve for long enough.",
            Rule.number("status", "numberAvailable"))
        .gauge(
            "_status_number_misscheduled",
            "Nodes that have a Pod of it, and should not.",
            Rule.number("status", "numberMisscheduled"))
        .gauge(
            "_status_number_ready",
            "Nodes whose Pod can serve.",
            Rule.number("status", "numberReady"))
        .gauge(
            "_status_number_unavailable",
            "Nodes whose Pod is missing or can't serve.",
            Rule.number("status", "numberUnavailable"))
        .observedGeneration()
        .gauge(
            "_status_updated_number_scheduled",
            "Nodes that have a Pod of the newest template.",
            Rule.number("status", "updatedNumberScheduled"))
        .generation()
        .deleted()
        .build();
  }

  static KindFamilies statefulSets() {
    return KindFamilies.Builder.namespaced(
            "kube_statefulset", ApiResource.STATEFUL_SETS, "statefulset")
        .created()
        .gauge("_status_replicas", "Pods that there are.", Rule.number("status", "replicas"))
        .gauge(
            "_status_replicas_available",
            "Pods that have been able to serve for long enough.",
            Rule.number("status", "availableReplicas"))
        .gauge(
            "_status_replicas_current",
            "Pods of the template before the newest.",
            Rule.number("status", "currentReplicas"))
        .gauge(
            "_status_replicas_ready",
            "Pods that can serve.",
            Rule.number("status", "readyReplicas"))
        .gauge(
            "_status_replicas_updated",
            "Pods of the newest template.",
            Rule.number("status", "updatedReplicas"))
        .observedGeneration()
        .gauge("_replicas", "Pods that are wanted.", Rule.numberIfSet("spec", "replicas"))
        .gauge(
            "_ordinals_start",
            "The number of the first Pod.",
            (set, out) -> {
              if (set.has("spec", "ordinals")) {
                out.add(set.integer("spec", "ordinals", "start"));
              }
            })
        .generation()
        .gauge(
            "_persistentvolumeclaim_retention_policy",
            "What becomes of claims.",
            WorkloadFamilies::retention)
        .gauge(
            "_status_current_revision",
            "The revision that current Pods are of.",
            Rule.info("revision", "status.currentRevision"))
        .gauge(
            "_status_update_revision",
            "The revision that updated Pods are of.",
            Rule.info("revision", "status.updateRevision"))
        .deleted()
        .build();
  }

  private static void retention(Struct set, Samples out) {
    Struct policy = set.struct("spec", "persistentVolumeClaimRetentionPolicy");
    String deleted = policy.string("whenDeleted");
    String scaled = policy.string("whenScaled");
    if (!deleted.isEmpty() || !scaled.isEmpty()) {
      out.add(1, "when_deleted", deleted, "when_scaled", scaled);
    }
  }
}
