package dev.tiphys.cli.preview;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a preview says, as text.
final class PreviewText {

  private static final int PATHS = 6;

  private final List<String> lines = new ArrayList<>();

  private PreviewText() {}

  /// Whether nothing is refused, and everything gets done.
  static boolean isGood(Struct report) {
    return report.structs("refused").isEmpty()
        && report.structs("pending").isEmpty()
        && report.structs("workloads").stream()
            .noneMatch(
                each ->
                    each.string("state").equals("failed")
                        || each.string("state").equals("underway"));
  }

  /// @param steps whether to tell each step
  static List<String> lines(Struct report, boolean steps) {
    PreviewText text = new PreviewText();
    text.applied(report);
    if (steps) {
      text.section(
          "What would follow:",
          report.structs("steps"),
          each ->
              "%9s  %s %s%s"
                  .formatted(
                      each.string("at"),
                      each.string("what"),
                      name(each),
                      note(each.string("note"))));
    }
    text.section("Workloads:", report.structs("workloads"), PreviewText::workload);
    text.pending(report.structs("pending"));
    text.section(
        "Pods that something else would put an end to:",
        report.structs("disrupted"),
        each -> "%s: %s".formatted(name(each), each.string("message")));
    text.section(
        "Data that would be gone:",
        report.structs("lostData"),
        each -> each.string("kind") + " " + name(each) + volume(each));
    text.section(
        "Disruption budgets that would be broken:",
        report.structs("budgets"),
        each ->
            "%s: %d healthy of %d, %s"
                .formatted(
                    name(each), each.integer("healthy"), each.integer("desired"), span(each)));
    text.section(
        "Services that no pod would answer:",
        report.structs("outages"),
        each -> name(each) + ": " + span(each));
    text.section(
        "Warnings:",
        report.structs("warnings"),
        each ->
            "%s %s: %s: %s"
                .formatted(
                    each.string("kind"),
                    name(each),
                    each.string("reason"),
                    each.string("message")));
    text.end(report);
    return text.lines;
  }

  private void section(String title, List<Struct> entries, Function<Struct, String> line) {
    if (!entries.isEmpty()) {
      lines.add(title);
      entries.forEach(each -> lines.add("  " + line.apply(each)));
    }
  }

  private void applied(Struct report) {
    for (Struct each : report.structs("applied")) {
      List<String> changes = each.strings("changes");
      String shown = String.join(", ", changes.subList(0, Math.min(PATHS, changes.size())));
      String more = changes.size() > PATHS ? " and " + (changes.size() - PATHS) + " more" : "";
      lines.add(
          each.string("resource")
              + "/"
              + each.string("name")
              + " "
              + each.string("result")
              + note(shown + more));
    }
    for (Struct each : report.structs("refused")) {
      lines.add(
          "%s %s refused: %s".formatted(each.string("kind"), name(each), each.string("message")));
    }
  }

  private static String workload(Struct workload) {
    List<String> parts = new ArrayList<>();
    for (String what : List.of("created", "replaced", "removed", "started")) {
      long count = workload.integer(what);
      if (count > 0) {
        String waited = what.equals("started") ? " that had to wait" : "";
        parts.add(count + (count == 1 ? " pod" : " pods") + waited + " " + what);
      }
    }
    String state = workload.string("state");
    return "%s in %s: %s%s%s"
        .formatted(
            workload.string("workload"),
            workload.string("namespace"),
            String.join(", ", parts),
            state.isEmpty() ? "" : "; " + state + ": " + workload.string("message"),
            workload.bool("anyway") ? " (its pods come and go without the change too)" : "");
  }

  private void pending(List<Struct> pods) {
    if (pods.isEmpty()) {
      return;
    }
    lines.add("Pods that would not run:");
    for (Struct pod : pods) {
      lines.add("  " + name(pod) + ": " + pod.string("message"));
      for (Struct change : pod.structs("smallestChange", "changes")) {
        lines.add("    would help: " + change.string("text"));
      }
    }
  }

  private void end(Struct report) {
    boolean nothing = report.structs("steps").isEmpty();
    lines.add(
        nothing
            ? "No pod, claim or volume would come or go within " + report.string("span") + "."
            : "The last step would be taken after "
                + report.string("settled")
                + " of "
                + report.string("span")
                + ".");
    section(
        "Taken for granted:",
        report.strings("assumptions").stream().map(each -> Struct.of("text", each)).toList(),
        each -> each.string("text"));
  }

  private static String name(Struct object) {
    String namespace = object.string("namespace");
    return namespace.isEmpty() ? object.string("name") : namespace + "/" + object.string("name");
  }

  private static String note(String text) {
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  private static String volume(Struct object) {
    String volume = object.string("volume");
    String policy = object.string("reclaimPolicy");
    return note(volume.isEmpty() ? policy : "on volume " + volume);
  }

  private static String span(Struct object) {
    return "from "
        + object.string("from")
        + (object.has("to") ? " to " + object.string("to") : " on");
  }
}
