package dev.tiphys.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A server of `metrics.k8s.io` outside the cluster, by which all Pods named `web` have one load.
final class MetricsServer implements AutoCloseable {

  private static final String GROUP = "/apis/metrics.k8s.io/v1beta1";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static final String RESOURCES =
      """
      {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/v1beta1",
       "resources":[{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics",
        "verbs":["get","list"]}]}
      """;

  private final TestCluster cluster;
  private final HttpsServer server;
  private volatile String load = "0";

  MetricsServer(Path directory, TestCluster cluster) throws IOException, GeneralSecurityException {
    this.cluster = cluster;
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(credential(directory.resolve("keys.p12"))));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(GROUP, this::answer);
    server.start();
  }

  private static SSLContext credential(Path file) throws IOException, GeneralSecurityException {
    new Command(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            file.toString(),
            "-storepass",
            new String(PASSWORD),
            "-alias",
            "metrics",
            "-keyalg",
            "EC",
            "-dname",
            "CN=metrics-server")
        .run()
        .ok();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /// How much CPU each Pod uses from now on.
  void load(String cpu) {
    load = cpu;
  }

  /// What makes it known to the cluster.
  String registration() {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: metrics-server, namespace: kube-system}
    spec: {type: ExternalName, externalName: localhost, ports: [{port: PORT}]}
    ---
    apiVersion: apiregistration.k8s.io/v1
    kind: APIService
    metadata: {name: v1beta1.metrics.k8s.io}
    spec:
      group: metrics.k8s.io
      version: v1beta1
      groupPriorityMinimum: 100
      versionPriority: 100
      insecureSkipTLSVerify: true
      service: {namespace: kube-system, name: metrics-server, port: PORT}
    """
        .replace("PORT", Integer.toString(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] text = (path.endsWith("/pods") ? pods() : RESOURCES).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private String pods() {
    String names = cluster.k("get", "pods", "-l", "app=web", "-o", "name");
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String items =
        names
            .lines()
            .map(name -> name.substring(name.indexOf('/') + 1))
            .map(
                name ->
                    """
                    {"metadata":{"name":"%s","namespace":"default","labels":{"app":"web"}},
                     "timestamp":"%s","window":"1s",
                     "containers":[{"name":"c","usage":{"cpu":"%s","memory":"1Mi"}}]}"""
                        .formatted(name, now, load))
            .collect(Collectors.joining(","));
    return "{\"kind\":\"PodMetricsList\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":{},\"items\":["
        + items
        + "]}";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
