package dev.tiphys.controllers.deployment;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// A ReplicaSet of a Deployment, with names and types.
///
/// @param object the whole object
record ReplicaSet(Struct object) {

  /// Older ones first.
  static final Comparator<ReplicaSet> BY_AGE =
      Comparator.comparing(ReplicaSet::created).thenComparing(ReplicaSet::name);

  Meta meta() {
    return Meta.of(object);
  }

  String name() {
    return meta().name();
  }

  Instant created() {
    Instant created = meta().created();
    return created == null ? Instant.MAX : created;
  }

  /// How many Pods it is to have.
  long replicas() {
    return object.integer("spec", "replicas");
  }

  /// How many Pods it has.
  long actual() {
    return object.integer("status", "replicas");
  }

  long ready() {
    return object.integer("status", "readyReplicas");
  }

  long available() {
    return object.integer("status", "availableReplicas");
  }

  long terminating() {
    return object.integer("status", "terminatingReplicas");
  }

  boolean isActive() {
    return replicas() > 0;
  }

  Struct template() {
    return object.struct("spec", "template");
  }

  long revision() {
    return Annotations.number(object, Annotations.REVISION);
  }

  static long replicas(List<ReplicaSet> all) {
    return all.stream().mapToLong(ReplicaSet::replicas).sum();
  }

  /// How many Pods there are, counting those that were given up and are not deleted yet: a new Pod
  /// must wait for their end, or there would be too many for a moment.
  static long present(List<ReplicaSet> all) {
    return all.stream().mapToLong(set -> Math.max(set.replicas(), set.actual())).sum();
  }
}
