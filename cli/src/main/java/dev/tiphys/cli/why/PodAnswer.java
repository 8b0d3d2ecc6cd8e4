package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is said about a Pod: the scheduler's decision as text.
final class PodAnswer {

  private PodAnswer() {}

  /// @param decision as JSON has it
  static List<String> lines(Struct decision) {
    List<Struct> nodes = decision.structs("nodes");
    List<Struct> feasible =
        nodes.stream()
            .filter(node -> node.bool("feasible"))
            .sorted(Comparator.comparingLong((Struct node) -> -node.integer("score")))
            .toList();
    List<String> lines = new ArrayList<>();
    String pod = "pod " + decision.string("namespace") + "/" + decision.string("name");
    String place = decision.string("node");
    lines.add(
        (place.isEmpty() ? pod + " has no node" : pod + " is on node " + place)
            + "; "
            + feasible.size()
            + " of "
            + nodes.size()
            + " nodes would do now");
    for (Struct node : feasible) {
      lines.add("  " + node.string("name") + ": score " + node.integer("score") + scores(node));
    }
    for (Struct node : nodes) {
      if (!node.bool("feasible")) {
        lines.add("  " + node.string("name") + ": " + refusals(node));
      }
    }
    Struct change = decision.struct("smallestChange");
    if (!change.isEmpty()) {
      lines.add("The smallest change that would make it fit:");
      for (Struct each : change.structs("changes")) {
        lines.add("  " + each.string("text"));
      }
    }
    return lines;
  }

  private static String scores(Struct node) {
    List<String> parts = new ArrayList<>();
    for (Struct score : node.structs("scores")) {
      parts.add(
          score.string("plugin") + " " + score.integer("score") + "x" + score.integer("weight"));
    }
    return " (" + String.join(", ", parts) + ")";
  }

  private static String refusals(Struct node) {
    List<String> parts = new ArrayList<>();
    for (Struct filter : node.structs("filters")) {
      if (!filter.bool("passed")) {
        parts.add(filter.string("plugin") + ": " + String.join(", ", filter.strings("reasons")));
      }
    }
    return String.join("; ", parts);
  }
}
