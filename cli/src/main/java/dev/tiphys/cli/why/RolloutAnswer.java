package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What is said about a rollout, as text.
final class RolloutAnswer {

  private RolloutAnswer() {}

  /// @param answer as JSON has it
  static List<String> lines(Struct answer) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "deployment "
            + answer.string("namespace")
            + "/"
            + answer.string("name")
            + ": of "
            + answer.integer("wanted")
            + " pods "
            + answer.integer("updated")
            + " are updated and "
            + answer.integer("available")
            + " available");
    answer.strings("problems").forEach(problem -> lines.add("  " + problem));
    List<Struct> pods = answer.structs("pods");
    if (pods.isEmpty()) {
      lines.add("  no pod of its newest ReplicaSet holds it up");
    }
    for (Struct pod : pods) {
      lines.addAll(lines(pod, "  "));
    }
    return lines;
  }

  private static List<String> lines(Struct pod, String indent) {
    List<String> lines = new ArrayList<>();
    Struct decision = pod.struct("decision");
    if (!decision.isEmpty()) {
      PodAnswer.lines(decision).forEach(line -> lines.add(indent + line));
      return lines;
    }
    String node = pod.string("node");
    lines.add(
        indent
            + "pod "
            + pod.string("name")
            + (node.isEmpty() ? " has no node" : " on node " + node)
            + " is not ready");
    for (Struct container : pod.structs("containers")) {
      lines.add(
          indent + "  container " + container.string("name") + ": " + container.string("why"));
    }
    if (!pod.string("warning").isEmpty()) {
      lines.add(indent + "  last warning: " + pod.string("warning"));
    }
    return lines;
  }
}
