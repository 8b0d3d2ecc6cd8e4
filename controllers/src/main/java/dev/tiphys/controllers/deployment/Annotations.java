package dev.tiphys.controllers.deployment;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Set;

/// What a Deployment's controller notes on ReplicaSets: the place of each in the history, and the
/// size of the Deployment when it was last scaled.
final class Annotations {

  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";

  private static final int LONGEST_HISTORY = 2000;

  /// What a ReplicaSet does not take over from its Deployment.
  private static final Set<String> OWN =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAXIMUM,
          "deprecated.deployment.rollback.to");

  private Annotations() {}

  /// The number in an annotation, or 0.
  static long number(Struct object, String annotation) {
    try {
      return Long.parseLong(Meta.of(object).annotation(annotation));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// `replicaSet` with the Deployment's annotations, as the newest revision. A revision that it had
  /// before, since it is used again after a rollback, goes to its history.
  static Struct asNewest(Struct replicaSet, Deployment deployment, long revision) {
    Struct marked = replicaSet;
    Struct given = deployment.meta().annotations();
    for (String key : given.names()) {
      if (!OWN.contains(key)) {
        marked = Meta.withAnnotation(marked, key, given.string(key));
      }
    }
    String before = Meta.of(marked).annotation(REVISION);
    if (!before.isEmpty() && number(marked, REVISION) >= revision) {
      return marked;
    }
    marked = Meta.withAnnotation(marked, REVISION, Long.toString(revision));
    return before.isEmpty() ? marked : Meta.withAnnotation(marked, HISTORY, longer(marked, before));
  }

  private static String longer(Struct replicaSet, String revision) {
    String history = Meta.of(replicaSet).annotation(HISTORY);
    if (history.isEmpty()) {
      return revision;
    }
    List<String> revisions = List.of(history.split(","));
    int length = history.length() + revision.length() + 1;
    int dropped = 0;
    while (length > LONGEST_HISTORY && dropped < revisions.size()) {
      length -= revisions.get(dropped).length() + 1;
      dropped++;
    }
    List<String> kept = new java.util.ArrayList<>(revisions.subList(dropped, revisions.size()));
    kept.add(revision);
    return String.join(",", kept);
  }

  /// `replicaSet` with the Deployment's present size noted.
  static Struct withSize(Struct replicaSet, Deployment deployment) {
    long maximum = deployment.replicas() + deployment.maxSurge();
    Struct marked = Meta.withAnnotation(replicaSet, DESIRED, Long.toString(deployment.replicas()));
    return Meta.withAnnotation(marked, MAXIMUM, Long.toString(maximum));
  }
}
