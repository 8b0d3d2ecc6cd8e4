import com.sun.net.httpserver.HttpServer;
import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.monitoring.Monitoring;
import dev.tiphys.monitoring.MonitoringSettings;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.monitoring.query.DirectPrometheus;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.monitoring.query.QueryResult;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/// `Targets.java TARGETS SERVICES`: how soon real Prometheus has scraped so many targets of one monitor, how soon a
/// second monitor has its first sample, and what one changed Service costs where a monitor selects from so many.
///
/// Targets are addresses of 198.18.0.0/15 (RFC 2544), which the machine must take for its own.
public final class Targets {

  private static final int INTERVAL = 5; // seconds
  private static final int PER_SLICE = 100;
  private static final int CHANGES = 21;

  private final World world = new RealWorld();
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world), world, ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("measuring");
  private final Path directory;
  private final Monitoring monitoring;
  private final PrometheusQueries prometheus;
  private final HttpServer pages;

  private Targets(Path directory) throws Exception {
    this.directory = directory;
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    this.pages = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 4096);
    pages.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    pages.createContext(
        "/metrics",
        exchange -> {
          byte[] page = "requests_total 1\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    pages.start();
    this.monitoring =
        Monitoring.start(
            world,
            server.api(Monitoring.USER),
            new MonitoringSettings(
                directory, "https://127.0.0.1:6443", "", InetAddress.getLoopbackAddress(), "host", Programs.of(Map.of())));
    HttpTransport transport =
        new HttpTransport(new ServiceAddresses(new Informer(world, api, ApiResource.SERVICES)));
    this.prometheus = new PrometheusQueries(new DirectPrometheus(transport, monitoring::address));
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("targets");
    Targets targets = new Targets(directory);
    try {
      targets.measure(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    } finally {
      targets.monitoring.close();
    }
    System.exit(0);
  }

  private void measure(int count, int services) throws Exception {
    for (int i = 0; i < count; i += PER_SLICE) {
      service("app-" + i / PER_SLICE, "app", i, Math.min(PER_SLICE, count - i));
    }
    service("other", "other", count, 1);
    long begin = System.nanoTime();
    while (!isServed()) {
      Thread.sleep(20);
    }
    monitor("app");
    awaitUp("app", count);
    // the start of Prometheus is in this, and one interval over which it spreads the first scrapes
    System.out.printf("%,d targets found and scraped, Prometheus started, s: %.1f%n", count, since(begin));
    begin = System.nanoTime();
    monitor("other");
    awaitUp("other", 1);
    System.out.printf("first sample of a second monitor, at an interval of %d s, s: %.1f%n", INTERVAL, since(begin));
    for (int i = 0; i < services; i++) {
      api.create(ApiResource.SERVICES, object("v1", "Service", "metadata: {name: s-%d, namespace: default, labels: {app: app}}\nspec: {ports: [{name: metrics, port: 80}]}".formatted(i)));
    }
    Thread.sleep(3000);
    long[] micros = new long[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      Duration before = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
      for (int j = 0; j < 10; j++) {
        String name = "s-" + (i * 10 + j);
        api.update(ApiResource.SERVICES, api.get(ApiResource.SERVICES, "default", name).withAt("x" + i, "metadata", "labels", "round"), "");
        Thread.sleep(300); // longer than changes are gathered
      }
      micros[i] = ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(before).toNanos() / 10_000;
    }
    Arrays.sort(micros);
    System.out.printf(
        "a changed Service of %,d, its update and whatever else runs included, ms of processor time: %.1f%n",
        services, micros[CHANGES / 2] / 1e3);
    server.close();
  }

  private boolean isServed() {
    try {
      var _ = api.list(MonitoringResources.SERVICE_MONITORS, "", ListOptions.ALL);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void service(String name, String app, int first, int count) {
    api.create(
        ApiResource.SERVICES,
        object("v1", "Service", "metadata: {name: %s, namespace: default, labels: {app: %s}}\nspec: {ports: [{name: metrics, port: 80}]}".formatted(name, app)));
    StringBuilder endpoints = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      endpoints.append("- {addresses: [198.18.%d.%d], conditions: {ready: true}}%n".formatted(i / 200, 1 + i % 200));
    }
    api.create(
        ApiResource.ENDPOINT_SLICES,
        object(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            "metadata: {name: %1$s-a, namespace: default, labels: {kubernetes.io/service-name: %1$s, app: %2$s}}\naddressType: IPv4\nports: [{name: metrics, port: %3$d, protocol: TCP}]\nendpoints:\n%4$s"
                .formatted(name, app, pages.getAddress().getPort(), endpoints)));
  }

  private void monitor(String app) {
    api.create(
        MonitoringResources.SERVICE_MONITORS,
        object(
            "monitoring.coreos.com/v1",
            "ServiceMonitor",
            "metadata: {name: %1$s, namespace: default}\nspec: {selector: {matchLabels: {app: %1$s}}, endpoints: [{port: metrics, interval: %2$ds}]}"
                .formatted(app, INTERVAL)));
  }

  private void awaitUp(String monitor, int wanted) throws Exception {
    while (true) {
      try {
        QueryResult result =
            prometheus.instant("count(up{container=~\".*\",endpoint=\"metrics\",job=~\"%s.*\"} == 1)".formatted(monitor), Optional.empty());
        if (!result.series().isEmpty() && result.series().getFirst().last().number() >= wanted) {
          return;
        }
      } catch (QueryException e) {
        // it does not answer yet
      }
      Thread.sleep(50);
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static Struct object(String version, String kind, String rest) {
    return Yaml.struct("apiVersion: %s\nkind: %s\n%s".formatted(version, kind, rest));
  }
}
