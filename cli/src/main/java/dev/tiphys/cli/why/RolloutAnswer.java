package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is said about a workload, as text.
final class RolloutAnswer {

  private RolloutAnswer() {}

  /// @param answer as JSON has it
  static List<String> lines(Struct answer) {
    List<String> lines = new ArrayList<>();
    lines.add(
        answer.string("kind").toLowerCase(Locale.ROOT)
            + " "
            + answer.string("namespace")
            + "/"
            + answer.string("name")
            + ": "
            + progress(answer));
    answer.strings("problems").forEach(problem -> lines.add("  " + problem));
    List<Struct> pods = answer.structs("pods");
    String warning = answer.string("warning");
    if (!warning.isEmpty() && !answer.strings("problems").contains(warning)) {
      lines.add("  last warning: " + warning);
    }
    if (pods.isEmpty()) {
      String whose = answer.has("replicaSet") ? "of its newest ReplicaSet " : "";
      lines.add("  no pod " + whose + "holds it up");
    }
    for (Struct pod : pods) {
      lines.addAll(lines(pod, "  "));
    }
    return lines;
  }

  private static String progress(Struct answer) {
    if (answer.has("succeeded")) {
      return "of %d completions %d are done; %d pods are active and %d have failed"
          .formatted(
              answer.integer("wanted"),
              answer.integer("succeeded"),
              answer.integer("active"),
              answer.integer("failed"));
    }
    return "of %d pods %d are updated and %d available"
        .formatted(
            answer.integer("wanted"), answer.integer("updated"), answer.integer("available"));
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
            + (pod.string("phase").equals("Failed") ? " has failed" : " is not ready"));
    if (!pod.string("deletedAt").isEmpty()) {
      lines.add(indent + "  it is to be gone since " + pod.string("deletedAt"));
    }
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
