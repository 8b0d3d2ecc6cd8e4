package dev.tiphys.cli.why;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is said about an object that says what is scraped, as text.
final class MonitorAnswer {

  private static final int MOST = 10;

  private MonitorAnswer() {}

  /// @param answer as JSON has it
  static List<String> lines(Struct answer) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s %s/%s: %s"
            .formatted(
                answer.string("kind").toLowerCase(Locale.ROOT),
                answer.string("namespace"),
                answer.string("name"),
                head(answer)));
    answer.strings("notSelected").forEach(each -> lines.add("  " + each));
    List<String> selected = answer.strings("selects");
    if (!selected.isEmpty()) {
      String more = selected.size() > MOST ? " and " + (selected.size() - MOST) + " more" : "";
      lines.add(
          "  selects "
              + String.join(", ", selected.subList(0, Math.min(MOST, selected.size())))
              + more);
    }
    answer.structs("findings").forEach(each -> lines.add("  " + each.string("message")));
    for (Struct each : answer.structs("prometheuses")) {
      lines.add("  " + prometheus(each));
      each.structs("jobs").forEach(job -> lines.add("    " + job(job)));
    }
    return lines;
  }

  private static String head(Struct answer) {
    List<Struct> all = answer.structs("prometheuses");
    if (all.isEmpty()) {
      return "no Prometheus selects it";
    }
    if (all.stream().anyMatch(each -> !each.bool("accepted"))) {
      return "rejected";
    }
    if (!answer.structs("findings").isEmpty()) {
      return "accepted, but nothing is scraped";
    }
    List<Struct> jobs = all.stream().flatMap(each -> each.structs("jobs").stream()).toList();
    long up = jobs.stream().mapToLong(each -> each.integer("up")).sum();
    long down = jobs.stream().mapToLong(each -> each.integer("down")).sum();
    if (up + down == 0) {
      return "accepted; not scraped yet";
    }
    return "accepted; %d of %d targets answer".formatted(up, up + down);
  }

  private static String prometheus(Struct each) {
    String name = "Prometheus %s/%s".formatted(each.string("namespace"), each.string("name"));
    return each.bool("accepted")
        ? name + " takes it"
        : name + " rejects it: " + each.string("rejection");
  }

  private static String job(Struct job) {
    String failure = job.string("failure");
    return "%s: %d up, %d down%s"
        .formatted(
            job.string("job"),
            job.integer("up"),
            job.integer("down"),
            failure.isEmpty() ? "" : ": " + failure);
  }
}
