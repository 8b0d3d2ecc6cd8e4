package dev.tiphys.monitoring.usage;

import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the agent of a node tells of it and its containers.
///
/// @param node null if the page does not tell of it
/// @param containers by Pod and name
public record NodeReadings(
    @Nullable Reading node, Map<ObjectKey, Map<String, Reading>> containers) {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(?:\\{([^}]*)\\})? ([-+.0-9eEaN]+)(?: ([0-9]+))?");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

  /// Reads the page `/metrics/resource`. Lines that it does not know are passed over, and so is
  /// what is told of in part only.
  ///
  /// @param now when the page was had, for samples that do not say when they were taken
  public static NodeReadings parse(String page, Instant now) {
    Partly node = new Partly();
    Map<ObjectKey, Map<String, Partly>> pods = new HashMap<>();
    for (String line : page.split("\n")) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        continue;
      }
      double value = Double.parseDouble(sample.group(3));
      Instant at =
          sample.group(4) == null ? now : Instant.ofEpochMilli(Long.parseLong(sample.group(4)));
      switch (sample.group(1)) {
        case "node_cpu_usage_seconds_total" -> node.cpu(value, at);
        case "node_memory_working_set_bytes" -> node.memory = (long) value;
        case "container_cpu_usage_seconds_total" -> container(pods, sample).cpu(value, at);
        case "container_memory_working_set_bytes" -> container(pods, sample).memory = (long) value;
        case "container_start_time_seconds" ->
            container(pods, sample).started = Instant.ofEpochMilli((long) (value * 1000));
        default -> {}
      }
    }
    return new NodeReadings(node.whole(), whole(pods));
  }

  private static Partly container(Map<ObjectKey, Map<String, Partly>> pods, Matcher sample) {
    Map<String, String> labels = new HashMap<>();
    Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    ObjectKey pod =
        new ObjectKey(labels.getOrDefault("namespace", ""), labels.getOrDefault("pod", ""));
    return pods.computeIfAbsent(pod, _ -> new HashMap<>())
        .computeIfAbsent(labels.getOrDefault("container", ""), _ -> new Partly());
  }

  /// Of a Pod that has a container of which too little is known, nothing is told.
  private static Map<ObjectKey, Map<String, Reading>> whole(
      Map<ObjectKey, Map<String, Partly>> pods) {
    Map<ObjectKey, Map<String, Reading>> whole = new HashMap<>();
    pods.forEach(
        (pod, containers) -> {
          Map<String, Reading> readings = new HashMap<>();
          containers.forEach(
              (name, each) -> {
                Reading reading = each.whole();
                if (reading != null) {
                  readings.put(name, reading);
                }
              });
          if (readings.size() == containers.size()) {
            whole.put(pod, readings);
          }
        });
    return whole;
  }

  /// A reading of which the page has told a part so far.
  private static final class Partly {
    private double cpu;
    private @Nullable Instant at;
    private long memory;
    private @Nullable Instant started;

    void cpu(double seconds, Instant time) {
      cpu = seconds;
      at = time;
    }

    /// Null if processor time or memory is missing; a container that uses none has ended.
    @Nullable Reading whole() {
      Instant time = at;
      return time == null || memory == 0 ? null : new Reading(time, cpu, memory, started);
    }
  }
}
