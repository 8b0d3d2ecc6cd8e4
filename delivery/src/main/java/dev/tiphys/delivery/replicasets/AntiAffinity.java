package dev.tiphys.delivery.replicasets;

import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// Keeps Pods of a new revision off the nodes of the stable one, as a strategy asks for. Pure.
final class AntiAffinity {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final String[] PLACE = {"spec", "affinity", "podAntiAffinity"};

  private AntiAffinity() {}

  /// @param wish the strategy's `antiAffinity`
  /// @param stable the hash of the stable revision; empty if there is none
  static Struct added(Struct template, Struct wish, String stable) {
    if (wish.isEmpty() || stable.isEmpty()) {
      return template;
    }
    if (wish.has(REQUIRED)) {
      return appended(template, REQUIRED, term(stable));
    }
    Struct weighted =
        Struct.of("weight", wish.integer(PREFERRED, "weight"), "podAffinityTerm", term(stable));
    return appended(template, PREFERRED, weighted);
  }

  private static Struct term(String hash) {
    Struct expression = Struct.of("key", Labels.HASH, "operator", "In", "values", List.of(hash));
    return new StructBuilder()
        .add("labelSelector", Struct.of("matchExpressions", List.of(expression)))
        .add("topologyKey", "kubernetes.io/hostname")
        .build();
  }

  private static Struct appended(Struct template, String kind, Struct term) {
    List<Object> all = new ArrayList<>(template.struct(PLACE).list(kind));
    all.add(term);
    return template.withAt(template.struct(PLACE).with(kind, List.copyOf(all)), PLACE);
  }

  /// A template without what was added to it.
  static Struct removed(Struct template) {
    Struct present = template.struct(PLACE);
    Struct left = without(without(present, REQUIRED), PREFERRED);
    if (left.equals(present)) {
      return template;
    }
    if (!left.isEmpty()) {
      return template.withAt(left, PLACE);
    }
    Struct affinity = template.struct("spec", "affinity").without("podAntiAffinity");
    return affinity.isEmpty()
        ? template.withoutAt("spec", "affinity")
        : template.withAt(affinity, "spec", "affinity");
  }

  private static Struct without(Struct affinity, String kind) {
    List<Struct> all = affinity.structs(kind);
    List<Struct> left = all.stream().filter(term -> !isOurs(term)).toList();
    if (left.size() == all.size()) {
      return affinity;
    }
    return left.isEmpty() ? affinity.without(kind) : affinity.with(kind, left);
  }

  private static boolean isOurs(Struct term) {
    Struct inner = term.has("podAffinityTerm") ? term.struct("podAffinityTerm") : term;
    return inner.structs("labelSelector", "matchExpressions").stream()
        .anyMatch(expression -> expression.string("key").equals(Labels.HASH));
  }
}
