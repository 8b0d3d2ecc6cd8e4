package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// The labels and annotations of Rollouts and of what they make. Other programs read them.
public final class Labels {

  /// By which Pods of one template are told from those of another; in selectors of Services too.
  public static final String HASH = "rollouts-pod-template-hash";

  public static final String REVISION = "rollout.argoproj.io/revision";
  public static final String HISTORY = "rollout.argoproj.io/revision-history";

  /// The size of the Rollout when a ReplicaSet was last scaled.
  public static final String DESIRED = "rollout.argoproj.io/desired-replicas";

  public static final String WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation";

  /// When a ReplicaSet that nothing uses any more loses its Pods.
  public static final String DEADLINE = "scale-down-deadline";

  /// Which labels and annotations a ReplicaSet's Pods have for the part they play.
  public static final String EPHEMERAL = "rollout.argoproj.io/ephemeral-metadata";

  /// Which Rollout a Service belongs to.
  public static final String MANAGED_BY = "argo-rollouts.argoproj.io/managed-by-rollouts";

  private Labels() {}

  /// The number in an annotation, or 0.
  public static long number(Struct object, String annotation) {
    try {
      return Long.parseLong(Meta.of(object).annotation(annotation));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
