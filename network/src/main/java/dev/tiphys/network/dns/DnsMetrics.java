package dev.tiphys.network.dns;

import dev.tiphys.network.dns.forward.ForwardMetrics;
import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Type;
import dev.tiphys.network.dns.server.Exchanges;
import dev.tiphys.network.metrics.Distribution;
import dev.tiphys.network.metrics.MetricsPage;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the DNS counts, under CoreDNS' names.
///
/// Threads: any.
final class DnsMetrics implements Exchanges, ForwardMetrics {

  private static final System.Logger LOG = System.getLogger(DnsMetrics.class.getName());

  private static final String SERVER = "server=\"dns://:53\"";
  private static final String ZONE = SERVER + ",view=\"\",zone=\".\"";
  private static final String CACHE = SERVER + ",view=\"\",zones=\".\"";
  private static final int TYPES = 256;
  private static final double NANOS = 1e9;

  private static final double[] SECONDS = Distribution.doubling(0.00025, 16);

  private static final double[] BYTES = {
    0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16000, 32000, 48000, 64000
  };

  private final Distribution durations = new Distribution(SECONDS);
  private final Distribution[] querySizes = {new Distribution(BYTES), new Distribution(BYTES)};
  private final Distribution[] sizes = {new Distribution(BYTES), new Distribution(BYTES)};
  private final LongAdder[] requests = adders(4 * TYPES);
  private final LongAdder[] responses = adders(2 * Rcode.values().length);
  private final LongAdder dnssec = new LongAdder();
  private final LongAdder panics = new LongAdder();
  private final LongAdder reloadsFailed = new LongAdder();
  private final LongAdder rejections = new LongAdder();
  private final LongAdder[] hits = adders(2);
  private final LongAdder misses = new LongAdder();
  private final LongAdder prefetches = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final Map<Asking, Distribution> upstream = new ConcurrentHashMap<>();

  /// An exchange with another server.
  private record Asking(String server, Rcode rcode) {
    String labels() {
      return "rcode=\"%s\",to=\"%s\"".formatted(rcode, server);
    }
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] all = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      all[i] = new LongAdder();
    }
    return all;
  }

  @Override
  public void answered(
      boolean stream, int family, Query query, Answer answer, int querySize, int size, long nanos) {
    int transport = stream ? 1 : 0;
    int type = query.type() < TYPES ? query.type() : 0;
    requests[(transport * 2 + family - 1) * TYPES + type].increment();
    responses[answer.rcode().ordinal() * 2 + (answer.authoritative() ? 1 : 0)].increment();
    if (query.dnssec()) {
      dnssec.increment();
    }
    durations.add(nanos / NANOS);
    querySizes[transport].add(querySize);
    sizes[transport].add(size);
  }

  @Override
  public void failed(RuntimeException failure) {
    panics.increment();
    LOG.log(Level.ERROR, "a query was not answered", failure);
  }

  @Override
  public void asked(InetSocketAddress server, Rcode rcode, long nanos) {
    String address = server.getAddress().getHostAddress();
    String to = (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + server.getPort();
    upstream
        .computeIfAbsent(new Asking(to, rcode), _ -> new Distribution(SECONDS))
        .add(nanos / NANOS);
  }

  @Override
  public void rejected() {
    rejections.increment();
  }

  @Override
  public void hit(boolean denial) {
    hits[denial ? 1 : 0].increment();
  }

  @Override
  public void missed() {
    misses.increment();
  }

  @Override
  public void prefetched() {
    prefetches.increment();
  }

  @Override
  public void servedStale() {
    stale.increment();
  }

  @Override
  public void evicted() {
    evictions.increment();
  }

  void reloadFailed() {
    reloadsFailed.increment();
  }

  /// All of it, in Prometheus' text format.
  ///
  /// @param found how many answers are remembered that found something
  /// @param denials how many that did not
  String page(int found, int denials) {
    MetricsPage page = new MetricsPage();
    page.family("coredns_dns_requests_total", "counter", "Counter of DNS requests made.");
    for (int i = 0; i < requests.length; i++) {
      if (requests[i].sum() > 0) {
        int type = i % TYPES;
        page.sample(
            "coredns_dns_requests_total",
            "family=\"%d\",proto=\"%s\",%s,type=\"%s\""
                .formatted(
                    i / TYPES % 2 + 1,
                    transport(i / TYPES / 2),
                    ZONE,
                    type == 0 ? "other" : Type.nameOf(type)),
            requests[i].sum());
      }
    }
    page.family("coredns_dns_responses_total", "counter", "Counter of response status codes.");
    for (Rcode rcode : Rcode.values()) {
      for (int own = 0; own < 2; own++) {
        long count = responses[rcode.ordinal() * 2 + own].sum();
        if (count > 0) {
          page.sample(
              "coredns_dns_responses_total",
              "plugin=\"%s\",rcode=\"%s\",%s"
                  .formatted(own == 1 ? "kubernetes" : "forward", rcode, ZONE),
              count);
        }
      }
    }
    page.histogram(
        "coredns_dns_request_duration_seconds", "Time each request took.", ZONE, durations);
    sizes(page, "coredns_dns_request_size_bytes", "Size of the request in bytes.", querySizes);
    sizes(page, "coredns_dns_response_size_bytes", "Size of the response in bytes.", sizes);
    page.counter("coredns_dns_do_requests_total", "Requests with the DO bit.", ZONE, dnssec.sum());
    page.counter("coredns_panics_total", "Queries that failed.", "", panics.sum());
    page.counter(
        "coredns_reload_failed_total",
        "Configurations that could not be followed.",
        "",
        reloadsFailed.sum());
    cache(page, found, denials);
    forward(page);
    return page.toString();
  }

  private static void sizes(MetricsPage page, String name, String help, Distribution[] values) {
    page.family(name, "histogram", help);
    for (int i = 0; i < values.length; i++) {
      page.distribution(name, "proto=\"%s\",%s".formatted(transport(i), ZONE), values[i]);
    }
  }

  private static String transport(int index) {
    return index == 1 ? "tcp" : "udp";
  }

  private void cache(MetricsPage page, int found, int denials) {
    page.family("coredns_cache_entries", "gauge", "How many answers are remembered.");
    page.sample("coredns_cache_entries", "type=\"success\"," + CACHE, found);
    page.sample("coredns_cache_entries", "type=\"denial\"," + CACHE, denials);
    page.family("coredns_cache_hits_total", "counter", "Answers that were remembered.");
    page.sample("coredns_cache_hits_total", "type=\"success\"," + CACHE, hits[0].sum());
    page.sample("coredns_cache_hits_total", "type=\"denial\"," + CACHE, hits[1].sum());
    page.counter(
        "coredns_cache_misses_total", "Answers that were not remembered.", CACHE, misses.sum());
    page.counter(
        "coredns_cache_requests_total",
        "Answers that were looked for.",
        CACHE,
        hits[0].sum() + hits[1].sum() + misses.sum());
    page.counter(
        "coredns_cache_prefetch_total",
        "Answers that were asked for again in time.",
        CACHE,
        prefetches.sum());
    page.counter(
        "coredns_cache_served_stale_total",
        "Answers that were given after their end.",
        CACHE,
        stale.sum());
    page.counter(
        "coredns_cache_evictions_total",
        "Answers that were forgotten for want of room.",
        CACHE,
        evictions.sum());
  }

  private void forward(MetricsPage page) {
    page.counter(
        "coredns_forward_max_concurrent_rejects_total",
        "Questions that were turned away because too many waited.",
        "",
        rejections.sum());
    Map<String, Long> byServer = new TreeMap<>();
    upstream.forEach((asking, time) -> byServer.merge(asking.server, time.count(), Long::sum));
    page.family("coredns_forward_requests_total", "counter", "Questions to other servers.");
    byServer.forEach(
        (server, count) ->
            page.sample("coredns_forward_requests_total", "to=\"%s\"".formatted(server), count));
    page.family("coredns_forward_responses_total", "counter", "Answers of other servers.");
    upstream.forEach(
        (asking, time) ->
            page.sample("coredns_forward_responses_total", asking.labels(), time.count()));
    durations(page, "coredns_forward_request_duration_seconds", "");
    durations(page, "coredns_proxy_request_duration_seconds", "proxy_name=\"forward\",");
  }

  private void durations(MetricsPage page, String name, String labels) {
    page.family(name, "histogram", "Time that other servers took.");
    upstream.forEach((asking, time) -> page.distribution(name, labels + asking.labels(), time));
  }
}
