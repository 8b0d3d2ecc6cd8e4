package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

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
    last(decision.struct("last")).forEach(line -> lines.add("  " + line));
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

  /// What came of the last try.
  private static List<String> last(Struct last) {
    if (last.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    String tried = "try " + last.integer("number") + " at " + last.string("time") + ": ";
    if (last.string("result").equals("Scheduled")) {
      lines.add(
          tried
              + "node "
              + last.string("node")
              + " was chosen from "
              + last.integer("feasible")
              + " of "
              + last.integer("nodes")
              + " nodes");
    } else {
      lines.add(tried + last.string("message"));
    }
    for (Struct node : last.structs("ranking")) {
      lines.add(
          "  then " + node.string("name") + ": score " + node.integer("score") + scores(node));
    }
    Struct preemption = last.struct("preemption");
    if (!preemption.isEmpty()) {
      lines.add(
          "  node "
              + preemption.string("node")
              + " is being cleared for it"
              + preemption.strings("victims").stream().collect(Collectors.joining(", ", ": ", "")));
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
