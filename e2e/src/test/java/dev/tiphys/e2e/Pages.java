package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.TestPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/// The first page of an application.
final class Pages {

  private Pages() {}

  /// The page at an address, by a connection of its own: one that is kept stays with the Pod that
  /// it was made to.
  static String at(String address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + address + "/"))
              .timeout(Duration.ofSeconds(30))
              .build();
      return http.send(request, BodyHandlers.ofString()).body().strip();
    }
  }

  /// Waits until an address leads to a page: nodes learn of a switch a moment after the API did.
  static void await(String address, String page) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    String last = at(address);
    while (!last.equals(page)) {
      assertThat(Instant.now()).as("%s answers %s", address, last).isBefore(end);
      last = at(address);
    }
  }

  /// The page that `kubectl port-forward` leads to.
  ///
  /// @param object as `deployment/web`
  static String ofForwarded(TestCluster cluster, String object, int remote)
      throws IOException, InterruptedException {
    int port = TestPorts.free();
    Process forward =
        new ProcessBuilder(cluster.kubectl("port-forward", object, port + ":" + remote).words())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = forward.inputReader()) {
      assertThat(out.readLine()).startsWith("Forwarding from");
      return at("localhost:" + port);
    } finally {
      forward.destroy();
    }
  }
}
