package dev.tiphys.cli.rollouts.view;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// The objects of a namespace among which the children of a Rollout or an Experiment are.
///
/// @param replicaSets as all others, in any order
public record Family(
    List<Struct> replicaSets, List<Struct> pods, List<Struct> experiments, List<Struct> runs) {

  private static final Comparator<Struct> BY_AGE =
      Comparator.comparing(Family::created).thenComparing(object -> Meta.of(object).name());

  private static Instant created(Struct object) {
    Instant created = Meta.of(object).created();
    return created == null ? Instant.MAX : created;
  }

  /// The ReplicaSets of an owner, those of the newest revision first.
  List<Struct> replicaSetsOf(Struct owner) {
    return owned(replicaSets, owner, newestFirst());
  }

  /// The Experiments of an owner, those of the newest revision first.
  List<Struct> experimentsOf(Struct owner) {
    return owned(experiments, owner, newestFirst());
  }

  /// The analyses of an owner, those of the newest revision first.
  List<Struct> runsOf(Struct owner) {
    return owned(runs, owner, newestFirst());
  }

  /// The Pods of a ReplicaSet, the oldest first.
  List<Struct> podsOf(Struct replicaSet) {
    return owned(pods, replicaSet, BY_AGE);
  }

  private static Comparator<Struct> newestFirst() {
    return Comparator.comparingLong(RolloutTree::revision).reversed().thenComparing(BY_AGE);
  }

  private static List<Struct> owned(List<Struct> all, Struct owner, Comparator<Struct> order) {
    String uid = Meta.of(owner).uid();
    return all.stream()
        .filter(
            each -> Meta.of(each).owners().stream().anyMatch(by -> by.string("uid").equals(uid)))
        .sorted(order)
        .toList();
  }
}
