package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.Restoring;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.TreeDiff;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rules for what of a Pod may change once it is there.
public final class PodUpdateRules {

  private static final String CORE = "io.k8s.api.core.v1.";
  private static final String NODE_TERMS = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String CHANGEABLE =
      "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
          + "`spec.tolerations` (only additions to existing tolerations),"
          + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously"
          + " negative)";

  private PodUpdateRules() {}

  public static void update(FieldValue now, Struct before) {
    PodRules.podAndSpec(now);
    PodAnnotationRules.update(now, before);
    FieldValue spec = now.at("spec");
    Struct old = before.struct("spec");
    if (!sameContainers(spec.at("containers"), old)
        || !sameContainers(spec.at("initContainers"), old)
        || !deadline(spec.at("activeDeadlineSeconds"), old)) {
      return;
    }
    tolerations(spec.at("tolerations"), old);
    gates(spec.at("schedulingGates"), old);
    if (!Equality.same(spec.value(), old)) {
      rest(spec, old);
    }
  }

  private static boolean sameContainers(FieldValue containers, Struct old) {
    if (containers.list().size() != old.list(containers.name()).size()) {
      containers.forbidden("pod updates may not add or remove containers");
      return false;
    }
    for (FieldValue container : containers.items()) {
      container.at("image").mustBeSet();
      ContainerRules.imageWithoutBlanks(container);
    }
    return true;
  }

  private static boolean deadline(FieldValue deadline, Struct old) {
    boolean had = old.has("activeDeadlineSeconds");
    if (!deadline.isSet()) {
      if (had) {
        deadline.invalid("must not update from a positive integer to nil value");
      }
      return true;
    }
    if (!deadline.mustBeBetween(0, Integer.MAX_VALUE)) {
      return false;
    }
    if (had && old.integer("activeDeadlineSeconds") < deadline.integer()) {
      deadline.invalid("must be less than or equal to previous value");
      return false;
    }
    return true;
  }

  private static void tolerations(FieldValue tolerations, Struct old) {
    Set<Struct> kept =
        tolerations.structs().stream()
            .map(toleration -> toleration.without("tolerationSeconds"))
            .collect(Collectors.toSet());
    for (Struct toleration : old.structs("tolerations")) {
      if (!kept.contains(toleration.without("tolerationSeconds"))) {
        tolerations.forbidden(
            "existing toleration can not be modified except its tolerationSeconds");
        return;
      }
    }
    SchedulingRules.tolerations(tolerations);
  }

  private static void gates(FieldValue gates, Struct old) {
    Set<Object> known = new HashSet<>();
    old.structs("schedulingGates").forEach(gate -> known.add(gate.string("name")));
    for (FieldValue gate : gates.items()) {
      String name = gate.at("name").string();
      if (!known.contains(name)) {
        gate.at("name")
            .forbidden("only deletion is allowed, but found new scheduling gate '" + name + "'");
      }
    }
  }

  /// With all that may change put back, the specification is what it was.
  private static void rest(FieldValue spec, Struct old) {
    Struct restored = withImages(spec.struct(), old);
    restored = Restoring.withField(restored, old, "activeDeadlineSeconds");
    restored = Restoring.withField(restored, old, "schedulingGates");
    restored = Restoring.withField(restored, old, "tolerations");
    if (old.integer("terminationGracePeriodSeconds") < 0
        && restored.integer("terminationGracePeriodSeconds") == 1) {
      restored = Restoring.withField(restored, old, "terminationGracePeriodSeconds");
    }
    if (!old.list("schedulingGates").isEmpty()) {
      restored = withPlacement(spec, restored, old);
    }
    if (!restored.equals(old)) {
      spec.forbidden(
          "pod updates may not change fields other than "
              + CHANGEABLE
              + "\n"
              + TreeDiff.of(old, restored, CORE + "PodSpec"));
    }
  }

  private static Struct withImages(Struct spec, Struct old) {
    Struct restored = spec;
    for (String list : List.of("containers", "initContainers")) {
      List<Struct> containers = spec.structs(list);
      List<Struct> before = old.structs(list);
      if (!containers.isEmpty()) {
        restored =
            restored.with(
                list,
                IntStream.range(0, containers.size())
                    .mapToObj(i -> Restoring.withField(containers.get(i), before.get(i), "image"))
                    .toList());
      }
    }
    return restored;
  }

  /// A Pod that waits at a gate can still be told more closely where to run.
  private static Struct withPlacement(FieldValue spec, Struct restored, Struct old) {
    FieldValue selector = spec.at("nodeSelector");
    Struct labels = old.struct("nodeSelector");
    boolean onlyMore =
        labels.names().stream()
            .allMatch(key -> Equality.same(selector.struct().get(key), labels.get(key)));
    if (!onlyMore) {
      selector.invalid(
          selector.struct(),
          "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
    }
    nodeAffinity(spec.at("affinity", "nodeAffinity"), old);
    Struct affinity =
        Restoring.withField(restored.struct("affinity"), old.struct("affinity"), "nodeAffinity");
    Struct placed = Restoring.withField(restored, old, "nodeSelector");
    return affinity.isEmpty() && !old.has("affinity")
        ? placed.without("affinity")
        : placed.with("affinity", affinity);
  }

  private static void nodeAffinity(FieldValue affinity, Struct old) {
    List<Struct> before =
        old.struct("affinity", "nodeAffinity").structs(NODE_TERMS, "nodeSelectorTerms");
    FieldValue terms = affinity.at(NODE_TERMS, "nodeSelectorTerms");
    if (!before.isEmpty() && before.size() != terms.list().size()) {
      terms.invalid("no additions/deletions to non-empty NodeSelectorTerms list are allowed");
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      FieldValue term = terms.at(i);
      if (!onlyAdds(term.struct(), before.get(i))) {
        term.invalidText(
            GoText.struct(term.value(), CORE + "NodeSelectorTerm"),
            "only additions are allowed (no mutations or deletions)");
      }
    }
  }

  private static boolean onlyAdds(Struct now, Struct before) {
    if (before.isEmpty()) {
      return now.isEmpty();
    }
    for (String list : List.of("matchExpressions", "matchFields")) {
      List<?> old = before.list(list);
      List<?> all = now.list(list);
      if (all.size() < old.size() || !all.subList(0, old.size()).equals(old)) {
        return false;
      }
    }
    return true;
  }

  /// Containers for looking into others are added one after another, for good.
  public static void ephemeralContainers(FieldValue now, Struct before) {
    if (before.has("metadata", "annotations", PodRules.MIRROR)) {
      now.wholeObject().forbidden("static pods do not support ephemeral containers");
      return;
    }
    PodRules.podAndSpec(now);
    PodAnnotationRules.update(now, before);
    FieldValue containers = now.at("spec", "ephemeralContainers");
    for (Struct old : before.structs("spec", "ephemeralContainers")) {
      String name = GoText.quoted(old.string("name"));
      Struct same =
          containers.structs().stream()
              .filter(container -> container.string("name").equals(old.string("name")))
              .reduce(Struct.EMPTY, (first, second) -> second);
      if (same.isEmpty()) {
        containers.forbidden("existing ephemeral containers " + name + " may not be removed\n");
      } else if (!same.equals(old)) {
        containers.forbidden(
            "existing ephemeral containers "
                + name
                + " may not be changed\n"
                + TreeDiff.of(old, same, CORE + "EphemeralContainer"));
      }
    }
  }
}
