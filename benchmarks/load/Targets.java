import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.monitoring.Monitoring;
import dev.tiphys.monitoring.MonitoringSettings;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;

/// `Targets.java TARGETS MONITORS`: how soon real Prometheus has scraped so many targets of one monitor, and how soon
/// each of some more monitors has its first sample. Of both it is told how much of it is spent before Prometheus has
/// the configuration, which is Tiphys' part.
///
/// The machine must take the targets' addresses for its own: see [MonitoredServices].
public final class Targets {

  private static final int INTERVAL = 5; // seconds
  private static final int PER_SERVICE = 100;

  private final HttpServer pages;
  private final MonitoredServices services;
  private final Monitoring monitoring;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// How long something took, in seconds: until Prometheus had the configuration, until it had the targets, and until
  /// all of them were scraped.
  private record Steps(double configured, double found, double scraped) {}

  private Targets(Path directory) throws Exception {
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
    this.services = new MonitoredServices(pages.getAddress().getPort());
    this.monitoring =
        Monitoring.start(
            services.world,
            services.server.api(Monitoring.USER),
            new MonitoringSettings(
                directory, "https://127.0.0.1:6443", "", InetAddress.getLoopbackAddress(), "host", Programs.of(Map.of())));
  }

  public static void main(String[] arguments) throws Exception {
    Targets targets = new Targets(Files.createTempDirectory("targets"));
    try {
      targets.measure(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    } finally {
      targets.monitoring.close();
    }
    System.exit(0);
  }

  private void measure(int count, int monitors) throws Exception {
    for (int i = 0; i < count; i += PER_SERVICE) {
      services.make("app-" + i / PER_SERVICE, "app", i, Math.min(PER_SERVICE, count - i));
    }
    for (int i = 0; i <= monitors; i++) {
      services.make("other-" + i, "other-" + i, count + i, 1);
    }
    while (!isServed()) {
      Thread.sleep(20);
    }
    System.out.printf(
        "first sample of a first monitor, the start of Prometheus included, s: %.1f%n", monitor("other-0", 1).scraped());
    Thread.sleep(2 * INTERVAL * 1000);
    Steps many = monitor("app", count);
    System.out.printf(
        "%,d targets of a monitor, s: configured %.1f, found %.1f, scraped %.1f%n",
        count, many.configured(), many.found(), many.scraped());
    Steps[] others = new Steps[monitors];
    for (int i = 0; i < monitors; i++) {
      Thread.sleep(2 * INTERVAL * 1000);
      others[i] = monitor("other-" + (i + 1), 1);
    }
    tell("configured", Arrays.stream(others).mapToDouble(Steps::configured).toArray());
    tell("found", Arrays.stream(others).mapToDouble(Steps::found).toArray());
    tell("scraped", Arrays.stream(others).mapToDouble(Steps::scraped).toArray());
    services.server.close();
  }

  private static void tell(String step, double[] seconds) {
    Arrays.sort(seconds);
    System.out.printf(
        "a new monitor at an interval of %d s, until %s, middle and longest of %d, s: %.1f %.1f%n",
        INTERVAL, step, seconds.length, seconds[seconds.length / 2], seconds[seconds.length - 1]);
  }

  private boolean isServed() {
    try {
      var _ = services.api.list(MonitoringResources.SERVICE_MONITORS, "", ListOptions.ALL);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /// Makes a monitor, and awaits that its targets are scraped.
  private Steps monitor(String app, int targets) throws Exception {
    long begin = System.nanoTime();
    services.api.create(
        MonitoringResources.SERVICE_MONITORS,
        MonitoredServices.object(
            "monitoring.coreos.com/v1",
            "ServiceMonitor",
            "metadata: {name: %1$s, namespace: default}\nspec: {selector: {matchLabels: {app: %1$s}}, endpoints: [{port: metrics, interval: %2$ds}]}"
                .formatted(app, INTERVAL)));
    String job = "serviceMonitor/default/" + app + "/0";
    while (!ask("/api/v1/status/config").string("data", "yaml").contains(job)) {
      Thread.sleep(20);
    }
    double configured = since(begin);
    while (countOf(job) < targets) {
      Thread.sleep(50);
    }
    double found = since(begin);
    String query = URLEncoder.encode("count(up{job=~\"%s(-\\\\d+)?\"} == 1)".formatted(app), StandardCharsets.UTF_8);
    while (!ask("/api/v1/query?query=" + query).toString().contains("\"" + targets + "\"")) {
      Thread.sleep(50);
    }
    return new Steps(configured, found, since(begin));
  }

  private long countOf(String job) throws Exception {
    return ask("/api/v1/targets?state=active").structs("data", "activeTargets").stream()
        .filter(each -> each.string("scrapePool").equals(job))
        .count();
  }

  /// What Prometheus answers; nothing as long as it does not.
  private Struct ask(String path) throws InterruptedException {
    URI address = monitoring.address().orElse(null);
    try {
      return address == null
          ? Struct.EMPTY
          : Json.struct(client.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      return Struct.EMPTY;
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
