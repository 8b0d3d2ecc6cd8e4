package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.util.List;

/// The affinity that is added to that of all Pods.
final class NodeAffinityArguments {

  private static final List<String> OPERATORS =
      List.of("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn");

  private NodeAffinityArguments() {}

  static Struct read(Fields fields) {
    if (!fields.has("addedAffinity")) {
      return Struct.EMPTY;
    }
    Fields added = fields.object("addedAffinity", "NodeAffinity");
    Fields required =
        added.object("requiredDuringSchedulingIgnoredDuringExecution", "NodeSelector");
    terms(required.objects("nodeSelectorTerms", "NodeSelectorTerm"));
    required.end();
    for (Fields preferred :
        added.objects(
            "preferredDuringSchedulingIgnoredDuringExecution", "PreferredSchedulingTerm")) {
      preferred.integer("weight", 0, "int32");
      terms(List.of(preferred.object("preference", "NodeSelectorTerm")));
      preferred.end();
    }
    added.end();
    return Struct.of("addedAffinity", added.struct());
  }

  private static void terms(List<Fields> terms) {
    for (Fields term : terms) {
      term.objects("matchExpressions", "NodeSelectorRequirement")
          .forEach(NodeAffinityArguments::requirement);
      term.objects("matchFields", "NodeSelectorRequirement")
          .forEach(NodeAffinityArguments::requirement);
      term.end();
    }
  }

  private static void requirement(Fields requirement) {
    requirement.string("key", "");
    String operator = requirement.string("operator", "");
    List<String> values = requirement.strings("values");
    requirement.end();
    Problems problems = requirement.problems();
    String at = requirement.at("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          problems.invalid(at, "null", "for 'in', 'notin' operators, values set can't be empty");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          problems.invalid(at, values, "values set must be empty for exists and does not exist");
        }
      }
      case "Gt", "Lt" -> {
        if (values.size() != 1) {
          problems.invalid(at, values, "for 'Gt', 'Lt' operators, exactly one value is required");
        }
      }
      default -> problems.unsupported(requirement.at("operator"), operator, OPERATORS);
    }
  }
}
