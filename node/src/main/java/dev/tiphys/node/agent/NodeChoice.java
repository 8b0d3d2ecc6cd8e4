package dev.tiphys.node.agent;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.Requirement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether a node is one that a Pod wants to be on: by its selector and its required affinity.
///
/// @param name the node's name
/// @param labels the node's labels
record NodeChoice(String name, Struct labels) {

  /// Whether a Pod does not want just any node.
  static boolean matters(Pod pod) {
    return pod.spec().has("nodeSelector") || pod.spec().has("affinity", "nodeAffinity");
  }

  boolean suits(Pod pod) {
    Struct selector = pod.spec().struct("nodeSelector");
    for (String label : selector.names()) {
      if (!selector.string(label).equals(labels.get(label))) {
        return false;
      }
    }
    Struct affinity = pod.spec().struct("affinity", "nodeAffinity");
    if (!affinity.has("requiredDuringSchedulingIgnoredDuringExecution")) {
      return true;
    }
    return affinity
        .structs("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
        .stream()
        .anyMatch(this::matches);
  }

  private boolean matches(Struct term) {
    List<Struct> expressions = term.structs("matchExpressions");
    List<Struct> fields = term.structs("matchFields");
    // A term that says nothing matches nothing.
    return !(expressions.isEmpty() && fields.isEmpty())
        && expressions.stream().allMatch(e -> holds(e, label(e.string("key"))))
        && fields.stream()
            .allMatch(f -> holds(f, f.string("key").equals("metadata.name") ? name : null));
  }

  private @Nullable String label(String key) {
    return labels.get(key) instanceof String value ? value : null;
  }

  private static boolean holds(Struct expression, @Nullable String value) {
    Requirement.Operator operator =
        switch (expression.string("operator")) {
          case "In" -> Requirement.Operator.IN;
          case "NotIn" -> Requirement.Operator.NOT_IN;
          case "Exists" -> Requirement.Operator.EXISTS;
          case "DoesNotExist" -> Requirement.Operator.DOES_NOT_EXIST;
          case "Gt" -> Requirement.Operator.GREATER_THAN;
          case "Lt" -> Requirement.Operator.LESS_THAN;
          default -> null;
        };
    Set<String> values =
        expression.strings("values").stream().collect(Collectors.toUnmodifiableSet());
    return operator != null
        && new Requirement(expression.string("key"), operator, values).matches(value);
  }
}
