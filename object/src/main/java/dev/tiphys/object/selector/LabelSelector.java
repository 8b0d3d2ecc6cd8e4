package dev.tiphys.object.selector;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Conditions on labels, all of which must hold.
public final class LabelSelector {

  /// Matches every set of labels.
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);

  /// Matches nothing.
  public static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

  private final List<Requirement> requirements;
  private final boolean nothing;

  private LabelSelector(List<Requirement> requirements, boolean nothing) {
    this.requirements = requirements;
    this.nothing = nothing;
  }

  public static LabelSelector of(List<Requirement> requirements) {
    return requirements.isEmpty()
        ? EVERYTHING
        : new LabelSelector(List.copyOf(requirements), false);
  }

  /// The selector written in a query: `app=web,tier in (a,b),!old`.
  ///
  /// @throws IllegalArgumentException if it can't be read; the message says where
  public static LabelSelector parse(String query) {
    return of(new LabelQuery(query).requirements());
  }

  /// The selector in an object's field of type LabelSelector (`matchLabels`, `matchExpressions`).
  /// An empty one matches everything; what a missing one means is the caller's affair.
  ///
  /// @throws IllegalArgumentException if it has an operator that does not exist
  public static LabelSelector from(Struct selector) {
    List<Requirement> all = new ArrayList<>(ofLabels(selector.struct("matchLabels")).requirements);
    for (Struct expression : selector.structs("matchExpressions")) {
      all.add(
          new Requirement(
              expression.string("key"),
              operator(expression.string("operator")),
              Set.copyOf(expression.strings("values"))));
    }
    return of(all);
  }

  /// The selector that asks for each of these labels, as a Service's or a ReplicationController's.
  public static LabelSelector ofLabels(Struct labels) {
    List<Requirement> all = new ArrayList<>();
    labels.forEach(
        (key, value) ->
            all.add(new Requirement(key, Operator.IN, Set.of(value instanceof String s ? s : ""))));
    return of(all);
  }

  private static Operator operator(String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default ->
          throw new IllegalArgumentException(
              "\"" + name + "\" is not a valid label selector operator");
    };
  }

  public boolean matches(Struct labels) {
    if (nothing) {
      return false;
    }
    for (Requirement requirement : requirements) {
      Object value = labels.get(requirement.key());
      if (!requirement.matches(value instanceof String text ? text : null)) {
        return false;
      }
    }
    return true;
  }

  public boolean matchesEverything() {
    return !nothing && requirements.isEmpty();
  }

  public List<Requirement> requirements() {
    return requirements;
  }

  /// The selector as a query.
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
