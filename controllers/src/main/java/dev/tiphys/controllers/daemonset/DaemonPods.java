package dev.tiphys.controllers.daemonset;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The Pods of a DaemonSet: which nodes are for them, what they look like, and which node each is
/// meant for. Pure.
final class DaemonPods {

  /// The label by which Pods of one template are told from those of another.
  static final String HASH = "controller-revision-hash";

  private static final String GENERATION = "pod-template-generation";
  private static final String GENERATION_OF_SET = "deprecated.daemonset.template.generation";
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  /// Those that are on a node first, then the oldest.
  static final Comparator<Struct> BY_AGE =
      Comparator.<Struct, Boolean>comparing(pod -> pod.string("spec", "nodeName").isEmpty())
          .thenComparing(
              pod -> Meta.of(pod).created(), Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(pod -> Meta.of(pod).name());

  private final DaemonSet set;
  private final String hash;
  private final Struct spec;
  private final NodeAffinity affinity;
  private final List<Toleration> tolerations;

  /// @param hash of the present template
  DaemonPods(DaemonSet set, String hash) {
    this.set = set;
    this.hash = hash;
    Struct given = set.template().struct("spec");
    this.spec = given.with("tolerations", tolerations(given));
    this.affinity = NodeAffinity.of(spec);
    this.tolerations = Toleration.of(spec);
  }

  private static List<Struct> tolerations(Struct spec) {
    List<Struct> all = new ArrayList<>(spec.structs("tolerations"));
    add(all, "not-ready", "NoExecute");
    add(all, "unreachable", "NoExecute");
    add(all, "disk-pressure", "NoSchedule");
    add(all, "memory-pressure", "NoSchedule");
    add(all, "pid-pressure", "NoSchedule");
    add(all, "unschedulable", "NoSchedule");
    if (spec.bool("hostNetwork")) {
      add(all, "network-unavailable", "NoSchedule");
    }
    return all;
  }

  private static void add(List<Struct> all, String taint, String effect) {
    Struct toleration =
        new StructBuilder()
            .add("key", "node.kubernetes.io/" + taint)
            .add("operator", "Exists")
            .add("effect", effect)
            .build();
    if (!all.contains(toleration)) {
      all.add(toleration);
    }
  }

  /// What a node is to the Pods of a DaemonSet.
  enum Place {
    /// It runs one.
    WANTED,
    /// It keeps one that is there already, and gets no new one.
    KEPT,
    /// It runs none.
    UNWANTED
  }

  Place placeOn(Struct node) {
    String name = Meta.of(node).name();
    String only = spec.string("nodeName");
    if (!only.isEmpty() && !only.equals(name) || !affinity.allows(name, Meta.of(node).labels())) {
      return Place.UNWANTED;
    }
    Place place = Place.WANTED;
    for (Taint taint : Taint.of(node)) {
      if (taint.repels() && !Toleration.tolerated(taint, tolerations)) {
        if (taint.effect() == Taint.Effect.NO_EXECUTE) {
          return Place.UNWANTED;
        }
        place = Place.KEPT;
      }
    }
    return place;
  }

  /// The name of the node that a Pod is on, or is meant for; empty if it is meant for none.
  static String nodeOf(Struct pod) {
    String bound = pod.string("spec", "nodeName");
    if (!bound.isEmpty()) {
      return bound;
    }
    for (Struct term :
        pod.struct("spec", "affinity", "nodeAffinity", REQUIRED).structs("nodeSelectorTerms")) {
      for (Struct field : term.structs("matchFields")) {
        if (field.string("key").equals("metadata.name") && field.strings("values").size() == 1) {
          return field.strings("values").getFirst();
        }
      }
    }
    return "";
  }

  /// Whether a Pod is of the present template.
  boolean isUpdated(Struct pod) {
    return Meta.of(pod).label(HASH).equals(hash);
  }

  boolean isAvailable(Struct pod, Instant now) {
    Instant from = Pods.availableFrom(pod, set.minReadySeconds());
    return from != null && !from.isAfter(now);
  }

  /// A new Pod for a node.
  Struct pod(String node) {
    Struct field =
        new StructBuilder()
            .add("key", "metadata.name")
            .add("operator", "In")
            .add("values", List.of(node))
            .build();
    Struct only = Struct.of("nodeSelectorTerms", List.of(Struct.of("matchFields", List.of(field))));
    Struct pod =
        Templates.podOf(set.meta(), set.template())
            .with("spec", spec.withAt(only, "affinity", "nodeAffinity", REQUIRED))
            .withAt(set.meta().name() + "-", "metadata", "generateName")
            .withAt(hash, "metadata", "labels", HASH);
    String generation = set.meta().annotation(GENERATION_OF_SET);
    return generation.isEmpty() ? pod : pod.withAt(generation, "metadata", "labels", GENERATION);
  }
}
