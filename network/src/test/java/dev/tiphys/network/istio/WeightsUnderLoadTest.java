package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.TestPorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Weights that are changed while requests are under way, by a Gateway with TLS.
class WeightsUnderLoadTest {

  private static final int SWITCHES = 20;

  private IstioCluster cluster;
  private HttpClient client;
  private int port;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    port = TestPorts.free();
    cluster.service("blue");
    cluster.service("green");
    Credential own =
        cluster
            .authority()
            .issue(Subject.server("localhost", List.of("localhost")), Duration.ofHours(1));
    cluster
        .live()
        .apply(
            ApiResource.SECRETS,
            """
        metadata: {name: front-certificate}
        type: kubernetes.io/tls
        data: {tls.crt: %s, tls.key: %s}
        """
                .formatted(base64(Pem.of(own.chain())), base64(Pem.of(own.key()))));
    cluster
        .live()
        .apply(
            IstioResources.GATEWAYS,
            """
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - port: {number: %d, name: https, protocol: HTTPS}
            hosts: [localhost]
            tls: {mode: SIMPLE, credentialName: front-certificate}
        """
                .formatted(port));
    weights(100);
    client =
        HttpClient.newBuilder().sslContext(trusting(cluster.authority().certificate())).build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    cluster.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SSLContext trusting(X509Certificate authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private void weights(int blue) throws Exception {
    Struct written =
        cluster.virtualService(
            "shop",
            """
            hosts: [localhost]
            gateways: [front]
            http:
            - route:
              - {destination: {host: blue}, weight: %d}
              - {destination: {host: green}, weight: %d}
            """
                .formatted(blue, 100 - blue));
    Tables.awaitServed(cluster.live(), cluster.edge(), port, VirtualServices.FEEDER, written);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void twentyChangesCostNoRequest(HttpClient.Version version) throws Exception {
    Map<String, Integer> answers = new ConcurrentHashMap<>();
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(Thread.ofVirtual().start(() -> load(version, over, answers)));
    }
    for (int i = 0; i < SWITCHES; i++) {
      int blue = i % 2 == 0 ? 0 : 100;
      weights(blue);
      assertThat(ask(version)).isEqualTo("200 " + (blue == 0 ? "green" : "blue") + " /");
      int before = count(answers);
      cluster.live().eventually(() -> count(answers) >= before + 100);
    }
    over.set(true);
    for (Thread each : clients) {
      each.join();
    }
    assertThat(answers).containsOnlyKeys("200 blue /", "200 green /");
  }

  private static int count(Map<String, Integer> answers) {
    return answers.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void load(HttpClient.Version version, AtomicBoolean over, Map<String, Integer> answers) {
    while (!over.get()) {
      String answer;
      try {
        answer = ask(version);
      } catch (Exception e) {
        answer = e.toString();
      }
      answers.merge(answer, 1, Integer::sum);
    }
  }

  private String ask(HttpClient.Version version) throws Exception {
    var response =
        client.send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                .version(version)
                .build(),
            BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
