package dev.tiphys.network.health;

import dev.tiphys.network.metrics.Distribution;
import dev.tiphys.network.metrics.MetricsPage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What the proxy counts, under the names of upstream's.
///
/// Threads: any.
public final class ProxyMetrics {
  private static final double FIRST = 0.001; // second

  private final Distribution syncs = new Distribution(Distribution.doubling(FIRST, 15));
  private final Distribution fullSyncs = new Distribution(Distribution.doubling(FIRST, 15));
  private final Distribution partialSyncs = new Distribution(Distribution.doubling(FIRST, 15));
  private final Distribution programming = new Distribution(Distribution.doubling(FIRST, 18));
  private final Map<Answered, Long> asked = new HashMap<>();
  private double lastSync;
  private double lastQueued;
  private long serviceChanges;
  private long endpointChanges;
  private long failures;
  private long forgottenFlows;

  private record Answered(String page, int status) {}

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
    asked.merge(new Answered(page, status), 1L, Long::sum);
  }

  /// All of it, in Prometheus' text format.
  public synchronized String page() {
    MetricsPage page = new MetricsPage();
    histogram(page, "sync_proxy_rules_duration_seconds", "Time to change the rules.", syncs);
    histogram(
        page, "sync_full_proxy_rules_duration_seconds", "Time to make all rules anew.", fullSyncs);
    histogram(
        page,
        "sync_partial_proxy_rules_duration_seconds",
        "Time to change some of the rules.",
        partialSyncs);
    histogram(
        page,
        "network_programming_duration_seconds",
        "Time from a change of endpoints to the rules.",
        programming);
    page.gauge(
        "kubeproxy_sync_proxy_rules_last_timestamp_seconds",
        "When the rules were last changed.",
        lastSync);
    page.gauge(
        "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds",
        "When something last changed that the rules follow.",
        lastQueued);
    counter(page, "sync_proxy_rules_service_changes_total", "Changes of Services.", serviceChanges);
    counter(page, "sync_proxy_rules_endpoint_changes_total", "Changes of slices.", endpointChanges);
    counter(
        page,
        "sync_proxy_rules_nftables_sync_failures_total",
        "Rules that the kernel refused.",
        failures);
    counter(
        page,
        "conntrack_reconciler_deleted_entries_total",
        "Flows of datagrams that were forgotten.",
        forgottenFlows);
    for (String name : new String[] {"healthz", "livez"}) {
      String family = "kubeproxy_proxy_" + name + "_total";
      page.family(family, "counter", "Answers of the page " + name + ".");
      asked.forEach(
          (answered, count) -> {
            if (answered.page().equals(name)) {
              page.sample(family, "code=\"%d\"".formatted(answered.status()), count);
            }
          });
    }
    return page.toString();
  }

  private static void histogram(MetricsPage page, String name, String help, Distribution values) {
    page.histogram("kubeproxy_" + name, help, "", values);
  }

  private static void counter(MetricsPage page, String name, String help, long value) {
    page.counter("kubeproxy_" + name, help, "", value);
  }
}
