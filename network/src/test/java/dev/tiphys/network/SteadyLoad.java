package dev.tiphys.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.Rounds;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.TestReporter;

/// 1,000 requests a second for `localhost`: by connections of their own, on connections of HTTP/1.1
/// that are kept, and by streams of HTTP/2, a third each. Callers that were held up make up for it,
/// so that the rate is met if the machine can.
public final class SteadyLoad implements AutoCloseable {

  private static final int RATE = 1000;
  private static final int SWITCHES = Rounds.of("tiphys.switches", 20);
  private static final int CALLERS = 8; // of each kind
  private static final int PATIENCE_MILLIS = 20_000;

  private final World world;
  private final int plain;
  private final HttpClient kept;
  private final HttpClient streams;
  private final List<Question> kinds;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final long begin;
  private volatile long end;

  /// One way to ask.
  private interface Question {
    /// The protocol, the status and the content.
    String answer() throws Exception;
  }

  /// @param plain the port for HTTP/1.1
  /// @param secure the port for HTTP/2 with TLS
  /// @param authority by which the certificate for `localhost` there is trusted
  public SteadyLoad(World world, int plain, int secure, X509Certificate authority)
      throws Exception {
    this.world = world;
    this.plain = plain;
    this.kept = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    this.streams = HttpClient.newBuilder().sslContext(trusting(authority)).build();
    this.kinds =
        List.of(
            this::once,
            () -> by(kept, "http://localhost:" + plain + "/"),
            () -> by(streams, "https://localhost:" + secure + "/"));
    this.begin = world.nanoTime();
    long interval = Duration.ofSeconds(1).toNanos() * kinds.size() * CALLERS / RATE;
    for (int i = 0; i < kinds.size() * CALLERS; i++) {
      Question kind = kinds.get(i % kinds.size());
      long first = begin + i * interval / (kinds.size() * CALLERS);
      threads.add(Thread.ofVirtual().start(() -> call(kind, first, interval)));
    }
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

  private void call(Question kind, long first, long interval) {
    for (long next = first; end == 0; next += interval) {
      String answer;
      try {
        long left = next - world.nanoTime();
        if (left > 0) {
          world.sleep(Duration.ofNanos(left));
        }
        answer = kind.answer();
      } catch (Exception e) {
        answer = e.toString();
      }
      answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
    }
  }

  private String once() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plain)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String[] parts = all.split("\r\n\r\n", 2);
      return parts.length < 2
          ? "the connection was closed without a response"
          : "HTTP_1_1 " + parts[0].split(" ", 3)[1] + " " + parts[1];
    }
  }

  private static String by(HttpClient client, String uri) throws Exception {
    HttpResponse<String> response =
        client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    return response.version() + " " + response.statusCode() + " " + response.body();
  }

  private List<String> now() throws Exception {
    List<String> all = new ArrayList<>();
    for (Question each : kinds) {
      all.add(each.answer());
    }
    return all;
  }

  /// What moves all requests to one of two Services, and returns when that is served.
  public interface Switch {
    void to(String service) throws Exception;
  }

  /// Has requests moved between Services `blue` and `green` 20 times in the whole run, and ends.
  /// None may fail, and the first ones after each time must be answered by the new Service.
  public void endure(LiveApi api, Switch moving, TestReporter reporter) throws Exception {
    for (int i = 0; i < SWITCHES; i++) {
      String service = i % 2 == 0 ? "green" : "blue";
      moving.to(service);
      assertThat(now())
          .as("the requests after the switch")
          .containsExactly(
              "HTTP_1_1 200 " + service + " /",
              "HTTP_1_1 200 " + service + " /",
              "HTTP_2 200 " + service + " /");
      long before = count();
      api.eventually(() -> count() >= before + RATE / 5);
    }
    close();
    reporter.publishEntry("answers a second", Long.toString(Math.round(rate())));
    assertThat(answers())
        .containsOnlyKeys(
            "HTTP_1_1 200 blue /",
            "HTTP_1_1 200 green /",
            "HTTP_2 200 blue /",
            "HTTP_2 200 green /");
  }

  private Map<String, Long> answers() {
    Map<String, Long> counts = new TreeMap<>();
    answers.forEach((what, count) -> counts.put(what, count.sum()));
    return counts;
  }

  private long count() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private double rate() {
    return count() * 1e9 / ((end == 0 ? world.nanoTime() : end) - begin);
  }

  /// Ends it: requests that are under way are answered first.
  @Override
  public void close() {
    if (end == 0) {
      end = world.nanoTime();
    }
    for (Thread each : threads) {
      try {
        each.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    kept.close();
    streams.close();
  }
}
