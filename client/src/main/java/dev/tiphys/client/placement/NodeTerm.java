package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.object.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Conditions on a node, all of which must hold. One without any holds for no node.
///
/// @param labels conditions on its labels
/// @param names conditions on its name, the only field there are conditions on
public record NodeTerm(List<Requirement> labels, List<Requirement> names) {

  private static final String NAME = "metadata.name";

  public NodeTerm {
    labels = List.copyOf(labels);
    names = List.copyOf(names);
  }

  public static NodeTerm of(Struct term) {
    return new NodeTerm(
        requirements(term.structs("matchExpressions")), requirements(term.structs("matchFields")));
  }

  private static List<Requirement> requirements(List<Struct> expressions) {
    List<Requirement> requirements = new ArrayList<>();
    for (Struct expression : expressions) {
      Operator operator =
          switch (expression.string("operator")) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case "Gt" -> Operator.GREATER_THAN;
            case "Lt" -> Operator.LESS_THAN;
            default -> Operator.EXISTS;
          };
      requirements.add(
          new Requirement(
              expression.string("key"), operator, Set.copyOf(expression.strings("values"))));
    }
    return requirements;
  }

  /// @param node its name
  /// @param ofNode its labels
  public boolean matches(String node, Struct ofNode) {
    if (labels.isEmpty() && names.isEmpty()) {
      return false;
    }
    for (Requirement requirement : labels) {
      Object value = ofNode.get(requirement.key());
      if (!requirement.matches(value instanceof String text ? text : null)) {
        return false;
      }
    }
    for (Requirement requirement : names) {
      if (!requirement.matches(requirement.key().equals(NAME) ? node : null)) {
        return false;
      }
    }
    return true;
  }

  /// The only nodes that can match, if the conditions name them.
  Optional<Set<String>> only() {
    Set<String> only = null;
    for (Requirement requirement : names) {
      if (requirement.key().equals(NAME) && requirement.operator() == Operator.IN) {
        Set<String> both = new HashSet<>(requirement.values());
        if (only != null) {
          both.retainAll(only);
        }
        only = both;
      }
    }
    return Optional.ofNullable(only);
  }
}
