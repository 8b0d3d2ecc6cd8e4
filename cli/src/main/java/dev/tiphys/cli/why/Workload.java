package dev.tiphys.cli.why;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The kinds of objects that can be asked what holds them up, and where each tells how far it is.
enum Workload {
  DEPLOYMENT(
      ApiResource.DEPLOYMENTS,
      "deployment.kubernetes.io/revision",
      "updatedReplicas",
      "availableReplicas"),
  ROLLOUT(
      DeliveryResources.ROLLOUTS,
      "rollout.argoproj.io/revision",
      "updatedReplicas",
      "availableReplicas"),
  STATEFUL_SET(ApiResource.STATEFUL_SETS, "", "updatedReplicas", "availableReplicas"),
  DAEMON_SET(ApiResource.DAEMON_SETS, "", "updatedNumberScheduled", "numberAvailable") {
    @Override
    long wanted(Struct object) {
      return object.integer("status", "desiredNumberScheduled");
    }
  },
  JOB(ApiResource.JOBS, "", "", "") {
    @Override
    long wanted(Struct object) {
      String field = object.has("spec", "completions") ? "completions" : "parallelism";
      return object.integer("spec", field);
    }

    @Override
    StructBuilder progress(Struct object) {
      Struct status = object.struct("status");
      return new StructBuilder()
          .add("kind", resource().kind())
          .add("wanted", wanted(object))
          .add("active", status.integer("active"))
          .add("succeeded", status.integer("succeeded"))
          .add("failed", status.integer("failed"));
    }
  };

  /// Conditions that tell of trouble when they hold, and those that do when they do not.
  private static final Set<String> BAD_IF_TRUE =
      Set.of(
          "ReplicaFailure", "tiphys.dev/Blocked", "Failed", "Suspended", "InvalidSpec", "Paused");

  private static final Set<String> BAD_IF_FALSE = Set.of("Available", "Progressing");

  private final ApiResource resource;
  private final String revision;
  private final String updated;
  private final String available;

  /// @param revision the annotation by which the newest of its ReplicaSets is told; empty if Pods
  ///   are its own
  /// @param updated the field of its status that counts the Pods of its newest template
  /// @param available the field of its status that counts those that are as they should be
  Workload(ApiResource resource, String revision, String updated, String available) {
    this.resource = resource;
    this.revision = revision;
    this.updated = updated;
    this.available = available;
  }

  static Optional<Workload> of(String plural) {
    return Arrays.stream(values()).filter(each -> each.plural().equals(plural)).findFirst();
  }

  ApiResource resource() {
    return resource;
  }

  String plural() {
    return resource.plural();
  }

  /// Whether its Pods are those of ReplicaSets.
  boolean hasReplicaSets() {
    return !revision.isEmpty();
  }

  /// The annotation by which the newest of its ReplicaSets is told.
  String revision() {
    return revision;
  }

  /// How many Pods are wanted.
  long wanted(Struct object) {
    return object.has("spec", "replicas") ? object.integer("spec", "replicas") : 1;
  }

  /// How far it is: `kind`, `wanted`, `updated` and `available`; of a Job `kind`, `wanted`,
  /// `active`, `succeeded` and `failed`.
  StructBuilder progress(Struct object) {
    Struct status = object.struct("status");
    return new StructBuilder()
        .add("kind", resource.kind())
        .add("wanted", wanted(object))
        .add("updated", status.integer(updated))
        .add("available", status.integer(available));
  }

  /// Whether a condition of such an object tells of trouble.
  static boolean isTrouble(Struct condition) {
    return switch (condition.string("status")) {
      case "True" -> BAD_IF_TRUE.contains(condition.string("type"));
      case "False" -> BAD_IF_FALSE.contains(condition.string("type"));
      default -> false;
    };
  }
}
