package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ReplicaSet of a Rollout, with names and types.
///
/// @param object the whole object
public record ReplicaSet(Struct object) {

  /// Older ones first.
  public static final Comparator<ReplicaSet> BY_AGE =
      Comparator.comparing(ReplicaSet::created).thenComparing(ReplicaSet::name);

  public static final Comparator<ReplicaSet> BY_REVISION =
      Comparator.comparing(ReplicaSet::revision).thenComparing(BY_AGE);

  public Meta meta() {
    return Meta.of(object);
  }

  public String name() {
    return meta().name();
  }

  public Instant created() {
    Instant created = meta().created();
    return created == null ? Instant.MAX : created;
  }

  /// What tells its template from others.
  public String hash() {
    return meta().label(Labels.HASH);
  }

  public long revision() {
    return Labels.number(object, Labels.REVISION);
  }

  /// How many Pods it is to have.
  public long replicas() {
    return object.integer("spec", "replicas");
  }

  /// How many Pods it has.
  public long actual() {
    return object.integer("status", "replicas");
  }

  public long ready() {
    return object.integer("status", "readyReplicas");
  }

  public long available() {
    return object.integer("status", "availableReplicas");
  }

  public Struct template() {
    return object.struct("spec", "template");
  }

  /// When it loses its Pods, if nothing uses it until then.
  public @Nullable Instant deadline() {
    return Timestamps.of(meta().annotations().get(Labels.DEADLINE));
  }

  public boolean hasDeadline() {
    return !meta().annotation(Labels.DEADLINE).isEmpty();
  }

  /// The size of the Rollout when this was scaled last.
  public long desired() {
    return Labels.number(object, Labels.DESIRED);
  }

  /// Whether its status tells of the size that is asked for.
  public boolean isObserved() {
    return object.integer("status", "observedGeneration") >= meta().generation();
  }

  public static long replicas(List<ReplicaSet> all) {
    return all.stream().mapToLong(ReplicaSet::replicas).sum();
  }

  public static long available(List<ReplicaSet> all) {
    return all.stream().mapToLong(ReplicaSet::available).sum();
  }
}
