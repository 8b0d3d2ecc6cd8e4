package dev.tiphys.delivery.measuring;

import dev.tiphys.cel.Regex;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is wrong with metrics, and which rules apply to which of them. Pure.
final class MetricRules {

  private MetricRules() {}

  /// @throws IllegalArgumentException if something is wrong; the message says what
  static void check(List<Metric> metrics) {
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("no metrics specified");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < metrics.size(); i++) {
      Metric metric = metrics.get(i);
      String place = "metrics[" + i + "]: ";
      if (!names.add(metric.name())) {
        throw new IllegalArgumentException(place + "duplicate name '" + metric.name() + "'");
      }
      String problem = problem(metric);
      if (!problem.isEmpty()) {
        throw new IllegalArgumentException(place + problem);
      }
    }
  }

  private static String problem(Metric metric) {
    try {
      String limits = limits(metric);
      return limits.isEmpty() ? providers(metric.provider()) : limits;
    } catch (NumberFormatException e) {
      return "invalid number: " + e.getMessage();
    }
  }

  private static String limits(Metric metric) {
    long count = metric.number("count", 0);
    long failures = metric.failureLimit();
    long successes = metric.consecutiveSuccessLimit();
    if (successes < 0) {
      return "consecutiveSuccessLimit must be >= 0";
    }
    if (failures < -1) {
      return "failureLimit must be >= 0, or -1 to be disabled";
    }
    if (successes == 0 && failures == -1) {
      return "failureLimit and consecutiveSuccessLimit cannot both be disabled";
    }
    if (metric.inconclusiveLimit() < 0) {
      return "inconclusiveLimit must be >= 0";
    }
    if (metric.consecutiveErrorLimit() < 0) {
      return "consecutiveErrorLimit must be >= 0";
    }
    if (count > 0 && failures >= 0 && count < failures + successes) {
      return "count (%d) must be >= failureLimit + consecutiveSuccessLimit (%d + %d) if both >= 0"
          .formatted(count, failures, successes);
    }
    if (count > 0 && failures < 0 && count < successes) {
      return "count must be >= consecutiveSuccessLimit";
    }
    if (count > 0 && count < metric.inconclusiveLimit()) {
      return "count must be >= inconclusiveLimit";
    }
    return times(metric, count);
  }

  private static String times(Metric metric, long count) {
    if (count > 1 && !metric.spec().has("interval")) {
      return "interval must be specified when count > 1";
    }
    String interval = duration(metric.spec(), "interval");
    if (!interval.isEmpty()) {
      return "invalid interval string: " + interval;
    }
    String delay = duration(metric.spec(), "initialDelay");
    return delay.isEmpty() ? "" : "invalid startDelay string: " + delay;
  }

  private static String duration(Struct spec, String field) {
    try {
      if (spec.has(field)) {
        GoDuration.nanos(spec.string(field));
      }
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String providers(Struct provider) {
    if (provider.isEmpty()) {
      return "no provider specified";
    }
    return provider.size() > 1 || provider.struct("plugin").size() > 1
        ? "multiple providers specified"
        : "";
  }

  /// The metrics that do not count.
  ///
  /// @throws IllegalArgumentException if a rule is about none of them
  static Set<String> dryRuns(List<Struct> rules, List<Metric> metrics) {
    Set<String> found = new HashSet<>();
    for (int i = 0; i < rules.size(); i++) {
      found.addAll(matched("dryRun", i, rules.get(i), metrics));
    }
    return found;
  }

  /// How many measurements of each metric are kept, of those that a rule is about.
  ///
  /// @throws IllegalArgumentException if a rule is about none of them
  static Map<String, Long> retentions(List<Struct> rules, List<Metric> metrics) {
    Map<String, Long> found = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      for (String name : matched("measurementRetention", i, rules.get(i), metrics)) {
        found.put(name, rules.get(i).integer("limit"));
      }
    }
    return found;
  }

  private static List<String> matched(String field, int index, Struct rule, List<Metric> metrics) {
    Regex pattern;
    try {
      pattern = Regex.of(rule.string("metricName"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + "[" + index + "]: " + e.getMessage(), e);
    }
    List<String> names = metrics.stream().map(Metric::name).filter(pattern::matches).toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          field + "[" + index + "]: Rule didn't match any metric name(s)");
    }
    return names;
  }
}
