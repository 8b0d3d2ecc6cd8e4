package dev.tiphys.delivery.measuring.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.delivery.measuring.Measurement;
import dev.tiphys.delivery.measuring.MeasuringException;
import dev.tiphys.delivery.measuring.Metric;
import dev.tiphys.delivery.measuring.Provider;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every provider keeps to.
class ProviderContractTest {

  private static final Struct RUN =
      Yaml.struct(
          """
          apiVersion: argoproj.io/v1alpha1
          kind: AnalysisRun
          metadata: {name: run, namespace: default, uid: 11111111-2222-3333-4444-555555555555}
          """);

  private TestCluster cluster;
  private Informer services;
  private Informer jobs;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    jobs = new Informer(cluster.world, cluster.api, ApiResource.JOBS).start();
    cluster.world.settle();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"1\"]}}"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    jobs.close();
    services.close();
    cluster.close();
  }

  /// A provider that knows nothing, as in a process that was just started.
  private Provider fresh(String kind) {
    HttpTransport transport = new HttpTransport(new ServiceAddresses(services));
    return switch (kind) {
      case "job" -> new JobProvider(cluster.world, cluster.api, jobs);
      case "web" -> new WebProvider(cluster.world, transport);
      default -> new PrometheusProvider(cluster.world, transport);
    };
  }

  private static Metric metric(String provider) {
    return new Metric(Yaml.struct("{name: m, provider: " + provider + "}"));
  }

  private Metric sound(String kind) {
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    return metric(
        Map.of(
                "job",
                "{job: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}",
                "web",
                "{web: {url: '" + base + "'}}",
                "prometheus",
                "{prometheus: {address: '" + base + "', query: up}}")
            .get(kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"job", "web", "prometheus"})
  void aMeasurementIsOverOrGoesOnWithWhatItNoted(String kind) throws InterruptedException {
    Measurement begun = fresh(kind).begin(RUN, sound(kind));
    assertThat(begun.started()).isEqualTo(cluster.world.now());
    if (begun.phase().isComplete()) {
      assertThat(begun.finished()).isNotNull();
      assertThat(begun.value()).isNotEmpty();
    } else {
      assertThat(begun.metadata().isEmpty()).isFalse();
      assertThat(fresh(kind).resume(RUN, sound(kind), begun).phase()).isEqualTo(begun.phase());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"job", "web", "prometheus"})
  void whatWasBegunTwiceIsOneMeasurement(String kind) throws InterruptedException {
    Measurement once = fresh(kind).begin(RUN, sound(kind));
    Measurement again = fresh(kind).begin(RUN, sound(kind));
    assertThat(again.metadata()).isEqualTo(once.metadata());
    assertThat(cluster.list(ApiResource.JOBS)).hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"job", "web", "prometheus"})
  void whatIsGivenUpIsOverAndLeavesNothing(String kind) throws InterruptedException {
    Measurement begun = fresh(kind).begin(RUN, sound(kind));
    assertThat(fresh(kind).end(RUN, sound(kind), begun).phase().isComplete()).isTrue();
    cluster.settle();
    assertThat(cluster.list(ApiResource.JOBS)).isEmpty();
    assertThat(fresh(kind).end(RUN, sound(kind), begun).phase().isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{job: {}}", "{web: {}}", "{prometheus: {}}"})
  void whatCanNotBeMeasuredIsAnErrorOfTheMeasurement(String provider) {
    String kind = metric(provider).provider().name(0);
    assertThatThrownBy(() -> fresh(kind).begin(RUN, metric(provider)))
        .isInstanceOfAny(MeasuringException.class, ApiException.class);
  }
}
