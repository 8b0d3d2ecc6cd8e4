package dev.tiphys.monitoring.prometheus;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How the scrapes of a job's targets go.
///
/// @param up how many targets answered
/// @param down how many did not
/// @param failure of one of those, with its address; empty if none is known
public record JobHealth(int up, int down, String failure) {

  private static final Pattern LOCAL = Pattern.compile("[0-9a-f.:\\[\\]]+:\\d+->");
  private static final JobHealth NONE = new JobHealth(0, 0, "");

  /// Of each job that has targets, as `/api/v1/targets` tells of them.
  static Map<String, JobHealth> of(List<Struct> targets) {
    Map<String, JobHealth> all = new TreeMap<>();
    for (Struct each : targets) {
      all.merge(each.string("scrapePool"), ofOne(each), JobHealth::and);
    }
    return all;
  }

  private static JobHealth ofOne(Struct target) {
    return switch (target.string("health")) {
      case "up" -> new JobHealth(1, 0, "");
      case "down" ->
          new JobHealth(
              0, 1, target.string("scrapeUrl") + ": " + steady(target.string("lastError")));
      default -> NONE; // it was not scraped yet
    };
  }

  /// Without the port of this side of a connection, which is another one each time.
  private static String steady(String error) {
    return LOCAL.matcher(error).replaceAll("");
  }

  /// Both together, with the failure of a fixed one of them, so that it does not change all the
  /// time.
  public JobHealth and(JobHealth other) {
    boolean first =
        other.failure.isEmpty() || !failure.isEmpty() && failure.compareTo(other.failure) <= 0;
    return new JobHealth(up + other.up, down + other.down, first ? failure : other.failure);
  }
}
