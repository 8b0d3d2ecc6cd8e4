package dev.tiphys.network.health;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What the proxy counts, under the names of upstream's.
///
/// Threads: any.
public final class ProxyMetrics {
  private final Histogram syncs = new Histogram(0.001, 15);
  private final Histogram fullSyncs = new Histogram(0.001, 15);
  private final Histogram partialSyncs = new Histogram(0.001, 15);
  private final Histogram programming = new Histogram(0.001, 18);
  private final Map<String, Long> asked = new TreeMap<>();
  private double lastSync;
  private double lastQueued;
  private long serviceChanges;
  private long endpointChanges;
  private long failures;
  private long forgottenFlows;

  /// Values in ranges, each twice as wide as the one below.
  private static final class Histogram {
    private final double[] bounds;
    private final long[] counts;
    private double sum;
    private long count;

    Histogram(double first, int ranges) {
      bounds = new double[ranges];
      counts = new long[ranges];
      for (int i = 0; i < ranges; i++) {
        bounds[i] = first * (1L << i);
      }
    }

    void add(double value) {
      int at = Arrays.binarySearch(bounds, value);
      int range = at < 0 ? -at - 1 : at;
      if (range < counts.length) {
        counts[range]++;
      }
      sum += value;
      count++;
    }
  }

  /// The rules were changed.
  ///
  /// @param full whether all of them were made anew
  public synchronized void synced(Duration took, boolean full, Instant now) {
    double seconds = took.toNanos() / 1e9;
    syncs.add(seconds);
    (full ? fullSyncs : partialSyncs).add(seconds);
    lastSync = now.toEpochMilli() / 1e3;
  }

  /// Something changed for which the rules are to be changed.
  public synchronized void queued(long services, long endpoints, Instant now) {
    serviceChanges += services;
    endpointChanges += endpoints;
    lastQueued = now.toEpochMilli() / 1e3;
  }

  /// How long it took from a change of endpoints to the rules.
  public synchronized void programmed(Duration took) {
    programming.add(Math.max(0, took.toNanos() / 1e9));
  }

  /// The kernel refused rules.
  public synchronized void failed() {
    failures++;
  }

  /// Flows of datagrams were forgotten.
  public synchronized void forgot(int flows) {
    forgottenFlows += flows;
  }

  synchronized void asked(String page, int status) {
    asked.merge("kubeproxy_proxy_%s_total{code=\"%d\"}".formatted(page, status), 1L, Long::sum);
  }

  /// All of it, in Prometheus' text format.
  synchronized String page() {
    StringBuilder out = new StringBuilder(8 << 10);
    histogram(out, "sync_proxy_rules_duration_seconds", "SyncProxyRules latency", syncs);
    histogram(out, "sync_full_proxy_rules_duration_seconds", "Latency of full syncs", fullSyncs);
    histogram(
        out, "sync_partial_proxy_rules_duration_seconds", "Latency of partial syncs", partialSyncs);
    histogram(
        out,
        "network_programming_duration_seconds",
        "Time from a change of endpoints to the rules",
        programming);
    value(out, "gauge", "sync_proxy_rules_last_timestamp_seconds", lastSync);
    value(out, "gauge", "sync_proxy_rules_last_queued_timestamp_seconds", lastQueued);
    value(out, "counter", "sync_proxy_rules_service_changes_total", serviceChanges);
    value(out, "counter", "sync_proxy_rules_endpoint_changes_total", endpointChanges);
    value(out, "counter", "sync_proxy_rules_nftables_sync_failures_total", failures);
    value(out, "counter", "conntrack_reconciler_deleted_entries_total", forgottenFlows);
    for (String page : new String[] {"healthz", "livez"}) {
      out.append("# TYPE kubeproxy_proxy_").append(page).append("_total counter\n");
      asked.forEach(
          (name, count) -> {
            if (name.contains(page)) {
              out.append(name).append(' ').append(count).append('\n');
            }
          });
    }
    return out.toString();
  }

  private static void value(StringBuilder out, String type, String name, double value) {
    out.append("# TYPE kubeproxy_").append(name).append(' ').append(type).append('\n');
    out.append("kubeproxy_").append(name).append(' ').append(number(value)).append('\n');
  }

  private static void histogram(StringBuilder out, String name, String help, Histogram values) {
    String full = "kubeproxy_" + name;
    out.append("# HELP ").append(full).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(full).append(" histogram\n");
    long below = 0;
    for (int i = 0; i < values.bounds.length; i++) {
      below += values.counts[i];
      out.append("%s_bucket{le=\"%s\"} %d\n".formatted(full, number(values.bounds[i]), below));
    }
    out.append("%s_bucket{le=\"+Inf\"} %d\n".formatted(full, values.count));
    out.append("%s_sum %s\n".formatted(full, number(values.sum)));
    out.append("%s_count %d\n".formatted(full, values.count));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).toPlainString();
  }
}
