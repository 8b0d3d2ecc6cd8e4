package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.monitoring.metricsapi.FrontProxy;
import dev.tiphys.monitoring.metricsapi.Registration;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Serves what Prometheus knows as `custom.metrics.k8s.io` and `external.metrics.k8s.io`, so that
/// autoscalers can follow it.
///
/// Which metrics there are is found by rules, twice a minute: those of the ConfigMap
/// `adapter-config` in namespace `monitoring`, in its key `config.yaml`, as the Prometheus Adapter
/// has them; where there is none, by [Rules#USUAL].
///
/// Threads: any.
public final class MetricsAdapter implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(MetricsAdapter.class.getName());

  /// What the server is to the cluster.
  public static final Registration.Identity IDENTITY =
      new Registration.Identity(
          new ObjectKey("monitoring", "prometheus-adapter"),
          List.of(
              GroupVersion.parse("custom.metrics.k8s.io/v1beta2"),
              GroupVersion.parse("custom.metrics.k8s.io/v1beta1"),
              GroupVersion.parse("external.metrics.k8s.io/v1beta1")));

  private static final String CONFIGURATION = "adapter-config";
  private static final String KEY = "config.yaml";
  private static final Duration LOOKS = Duration.ofSeconds(30);

  /// A Prometheus that has just begun has no series yet.
  private static final Duration FIRST_LOOKS = Duration.ofSeconds(3);

  /// Series that were not seen for so long are no metrics any more.
  private static final Duration RECENT = Duration.ofMinutes(2);

  private static final int NO_CONTENT = 0;

  private final World world;
  private final Api api;
  private final PrometheusQueries prometheus;
  private final HttpServer http;
  private final SupervisedTask task;
  private volatile Directory directory = Directory.EMPTY;
  private List<String> problems = List.of(); // the task's: what was told last

  /// @param api as the adapter sees the cluster
  /// @param proxy which clients are answered
  public MetricsAdapter(World world, Api api, PrometheusQueries prometheus, FrontProxy proxy) {
    this.world = world;
    this.api = api;
    this.prometheus = prometheus;
    MetricValues values = new MetricValues(world, api, prometheus);
    this.http = new HttpServer(world, new AdapterApi(() -> directory, values, proxy), NO_CONTENT);
    this.task = world.supervisor().start("metrics adapter", this::run);
  }

  /// Shows a certificate from now on, and asks clients for one.
  ///
  /// @param tls the server's own certificate, and the authorities of its clients
  public void secure(TlsSettings tls) {
    http.secure(tls);
  }

  /// Begins to listen.
  ///
  /// @param address port 0 for any that is free
  /// @return where it listens
  /// @throws IOException if it can't
  public InetSocketAddress listen(InetSocketAddress address) throws IOException {
    return http.listen(address);
  }

  private void run() throws InterruptedException {
    while (true) {
      try {
        directory = look();
      } catch (QueryException e) {
        tell(List.of("Prometheus does not tell which series there are: " + e.message()));
      } catch (ApiException e) {
        tell(List.of("the cluster does not tell what it serves: " + e.message()));
      }
      world.background().sleep(directory.ofObjects().isEmpty() ? FIRST_LOOKS : LOOKS);
    }
  }

  private Directory look() throws QueryException, InterruptedException {
    Rules rules = rules();
    Kinds kinds = Kinds.of(api.discover());
    List<String> wrong = new ArrayList<>(rules.problems());
    Map<String, List<Struct>> found = new HashMap<>();
    List<Directory.Selected> ofObjects = new ArrayList<>();
    for (Rule rule : rules.ofObjects()) {
      String problem = ResourceLabels.of(rule.resources(), kinds).problem();
      if (!problem.isEmpty()) {
        wrong.add(problem);
      }
      ofObjects.add(new Directory.Selected(rule, series(rule, found, wrong)));
    }
    List<Directory.Selected> external = new ArrayList<>();
    for (Rule rule : rules.external()) {
      external.add(new Directory.Selected(rule, series(rule, found, wrong)));
    }
    tell(wrong);
    return Directory.of(kinds, ofObjects, external);
  }

  /// The series that a rule selects; several rules with the same query ask once.
  private List<Struct> series(Rule rule, Map<String, List<Struct>> found, List<String> wrong)
      throws QueryException, InterruptedException {
    List<Struct> known = found.get(rule.seriesQuery());
    if (known == null) {
      Instant now = world.now();
      try {
        known = prometheus.series(List.of(rule.seriesQuery()), now.minus(RECENT), now);
      } catch (QueryException e) {
        if (!e.isRefusal()) {
          throw e;
        }
        wrong.add("seriesQuery " + rule.seriesQuery() + ": " + e.message());
        known = List.of();
      }
      found.put(rule.seriesQuery(), known);
    }
    return known;
  }

  private Rules rules() {
    Struct map = api.find(ApiResource.CONFIG_MAPS, IDENTITY.service().namespace(), CONFIGURATION);
    String text = map == null ? "" : map.string("data", KEY);
    return text.isEmpty() ? Rules.USUAL : Rules.parse(text);
  }

  /// Says what is wrong, once.
  private void tell(List<String> found) {
    if (!found.equals(problems)) {
      found.forEach(
          problem -> LOG.log(Level.WARNING, "metrics for autoscalers: problem=" + problem));
      problems = found;
    }
  }

  @Override
  public void close() {
    task.close();
    http.close();
  }
}
