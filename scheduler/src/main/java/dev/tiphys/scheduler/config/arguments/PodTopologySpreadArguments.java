package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How Pods are spread that say nothing about it.
final class PodTopologySpreadArguments {

  private static final String CONSTRAINTS = "defaultConstraints";
  private static final String TYPE = "defaultingType";
  private static final List<String> TYPES = List.of("System", "List");
  private static final List<String> WHEN_UNSATISFIABLE = List.of("DoNotSchedule", "ScheduleAnyway");

  private PodTopologySpreadArguments() {}

  static Struct read(Fields fields) {
    String type = fields.string(TYPE, "System");
    List<Fields> constraints = fields.objects(CONSTRAINTS, "TopologySpreadConstraint");
    Problems problems = fields.problems();
    if (!TYPES.contains(type)) {
      problems.unsupported(fields.at(TYPE), type, TYPES);
    } else if (type.equals("System") && !constraints.isEmpty()) {
      problems.invalid(fields.at(TYPE), type, "when .defaultConstraints are not empty");
    }
    Set<String> seen = new HashSet<>();
    List<Struct> all = new ArrayList<>();
    for (Fields constraint : constraints) {
      constraint(constraint);
      Struct struct = constraint.struct();
      String key =
          "{" + struct.string("topologyKey") + ", " + struct.string("whenUnsatisfiable") + "}";
      if (!seen.add(key)) {
        problems.duplicate(fields.at(CONSTRAINTS) + "[" + all.size() + "]", key);
      }
      all.add(struct);
    }
    return new StructBuilder().add(TYPE, type).add(CONSTRAINTS, all).build();
  }

  private static void constraint(Fields constraint) {
    Problems problems = constraint.problems();
    long skew = constraint.integer("maxSkew", 0, "int32");
    if (skew <= 0) {
      problems.invalid(constraint.at("maxSkew"), skew, "not in valid range (0, inf)");
    }
    String key = constraint.string("topologyKey", "");
    if (key.isEmpty()) {
      problems.required(constraint.at("topologyKey"), "can not be empty");
    } else {
      LabelNames.check(key, constraint.at("topologyKey"), problems);
    }
    String when = constraint.string("whenUnsatisfiable", "");
    if (when.isEmpty()) {
      problems.required(constraint.at("whenUnsatisfiable"), "can not be empty");
    } else if (!WHEN_UNSATISFIABLE.contains(when)) {
      problems.unsupported(constraint.at("whenUnsatisfiable"), when, WHEN_UNSATISFIABLE);
    }
    if (constraint.has("labelSelector")) {
      problems.forbidden(
          constraint.at("labelSelector"),
          "constraint must not define a selector, as they deduced for each pod");
    }
    constraint.integer("minDomains", 0, "int32");
    constraint.string("nodeAffinityPolicy", "");
    constraint.string("nodeTaintsPolicy", "");
    constraint.strings("matchLabelKeys");
    constraint.end();
  }
}
