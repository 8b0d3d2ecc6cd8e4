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
    long feasible = nodes.stream().filter(node -> node.bool("feasible")).count();
    List<String> lines = new ArrayList<>();
    String pod = "pod " + decision.string("namespace") + "/" + decision.string("name");
    String place = decision.string("node");
    lines.add(
        (place.isEmpty() ? pod + " has no node" : pod + " is on node " + place)
            + "; "
            + feasible
            + " of "
            + nodes.size()
            + " nodes would do now");
    Struct last = decision.struct("last");
    if (!last.isEmpty()) {
      last(last).forEach(line -> lines.add("  " + line));
      lines.add("  now:");
    }
    String indent = last.isEmpty() ? "  " : "    ";
    nodes(nodes).forEach(line -> lines.add(indent + line));
    Struct change = decision.struct("smallestChange");
    if (!change.isEmpty()) {
      lines.add("The smallest change that would make it fit:");
      changes(change).forEach(line -> lines.add("  " + line));
    }
    return lines;
  }

  private static List<String> changes(Struct smallest) {
    return smallest.structs("changes").stream().map(each -> each.string("text")).toList();
  }

  /// The best of those that would do first, then those that would not.
  private static List<String> nodes(List<Struct> nodes) {
    List<String> lines = new ArrayList<>();
    nodes.stream()
        .filter(node -> node.bool("feasible"))
        .sorted(Comparator.comparingLong((Struct node) -> -node.integer("score")))
        .forEach(node -> lines.add(node.string("name") + ": " + score(node)));
    for (Struct node : nodes) {
      if (!node.has("feasible")) {
        lines.add(node.string("name") + ": was not looked at");
      } else if (!node.bool("feasible")) {
        lines.add(node.string("name") + ": " + refusals(node));
      }
    }
    return lines;
  }

  private static String score(Struct node) {
    return node.has("score")
        ? "score " + node.integer("score") + scores(node)
        : "the only one that would do";
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
              + last.integer("nodeCount")
              + " nodes");
    } else {
      lines.add(tried + last.string("message"));
    }
    List<Struct> nodes = last.structs("nodes");
    if (nodes.isEmpty()) { // the record is thinned
      for (Struct node : last.structs("ranking")) {
        lines.add("  " + node.string("name") + ": " + score(node));
      }
    }
    nodes(nodes).forEach(line -> lines.add("  " + line));
    Struct preemption = last.struct("preemption");
    if (!preemption.isEmpty()) {
      lines.add(
          "  node "
              + preemption.string("node")
              + " is being cleared for it"
              + preemption.strings("victims").stream().collect(Collectors.joining(", ", ": ", "")));
    }
    afterwards(last.struct("afterwards")).forEach(line -> lines.add("  " + line));
    return lines;
  }

  /// What was worked out after the try.
  private static List<String> afterwards(Struct thought) {
    if (thought.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "all filters at "
            + thought.string("time")
            + (thought.bool("clusterChanged")
                ? ", when the cluster had changed since the try:"
                : ", with the cluster as it was at the try:"));
    for (Struct node : thought.structs("nodes")) {
      String refusals = refusals(node);
      lines.add("  " + node.string("name") + ": " + (refusals.isEmpty() ? "would do" : refusals));
    }
    Struct change = thought.struct("smallestChange");
    if (!change.isEmpty()) {
      lines.add("  the smallest change that would have made it fit:");
      changes(change).forEach(line -> lines.add("    " + line));
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
