package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Predicate;

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
  static void await(String address, String page) {
    await(address, page::equals);
  }

  /// As [#await(String,String)], for any page that is as it should be. A server that runs may not
  /// listen yet.
  static String await(String address, Predicate<String> condition) {
    return Await.until("the page at " + address, () -> atOrWhyNot(address), condition);
  }

  private static String atOrWhyNot(String address) {
    try {
      return at(address);
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// The page of a host, as an address has it; nothing if there is none.
  static String of(String host, String address) {
    return new Command("curl", "-s", "-m", "10", "-H", "Host: " + host, "http://" + address + "/")
        .run()
        .out()
        .strip();
  }

  /// Waits until an address leads to that page of a host.
  static void await(String host, String address, String page) {
    String _ =
        Await.until(
            "the page of " + host + " at " + address, () -> of(host, address), page::equals);
  }

  /// The page that `kubectl port-forward` leads to.
  ///
  /// @param object as `deployment/web`
  static String ofForwarded(TestCluster cluster, String object, int remote)
      throws IOException, InterruptedException {
    Process forward =
        new ProcessBuilder(
                cluster
                    .kubectl("port-forward", object, ":" + remote, "--address=127.0.0.1")
                    .words())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = forward.inputReader()) {
      String line = String.valueOf(out.readLine()); // Forwarding from 127.0.0.1:PORT -> 80
      assertThat(line).startsWith("Forwarding from 127.0.0.1:");
      return at("127.0.0.1:" + line.replaceFirst(".*127\\.0\\.0\\.1:(\\d+).*", "$1"));
    } finally {
      forward.destroy();
    }
  }
}
