package dev.tiphys.e2e;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.TestReporter;

/// HTTP/2 requests to one address at a steady rate, over TLS: many to a connection, and a new
/// connection every now and then.
final class Http2Load implements AutoCloseable {

  private static final int CALLERS = 16;
  private static final int REQUESTS_OF_CONNECTION = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI address;
  private final List<Thread> threads = new ArrayList<>();
  private final Tally answers = new Tally();
  private final Tally failures = new Tally();
  private final long begin = System.nanoTime();
  private volatile long end;

  /// @param rate how many requests a second
  Http2Load(URI address, int rate) {
    this.address = address;
    long interval = Duration.ofSeconds(CALLERS).toNanos() / rate;
    for (int i = 0; i < CALLERS; i++) {
      long first = begin + i * interval / CALLERS;
      threads.add(Thread.ofPlatform().start(() -> call(first, interval)));
    }
  }

  private void call(long first, long interval) {
    long next = first;
    while (end == 0) {
      try (HttpClient client =
          HttpClient.newBuilder().sslContext(believing()).connectTimeout(PATIENCE).build()) {
        for (int i = 0; i < REQUESTS_OF_CONNECTION && end == 0; i++, next += interval) {
          long left = next - System.nanoTime();
          if (left > 0) {
            LockSupport.parkNanos(left);
          }
          ask(client);
        }
      }
    }
  }

  private void ask(HttpClient client) {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      boolean good = answer.statusCode() == 200 && answer.version() == HttpClient.Version.HTTP_2;
      if (good) {
        answers.add(answer.body());
      } else {
        failures.add(answer.toString());
      }
    } catch (IOException e) {
      failures.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SSLContext believing() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyServer()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How often each content was answered so far.
  Map<String, Long> answers() {
    return answers.counts();
  }

  /// Waits until so many more requests are answered with this content.
  void awaitMore(String content, int more) throws InterruptedException {
    answers.await(content, answers.count(content) + more);
  }

  /// What went wrong, and how often.
  Map<String, Long> failures() {
    return failures.counts();
  }

  /// Requests that were answered a second, over the whole time.
  double rate() {
    return answers.total() * 1e9 / ((end == 0 ? System.nanoTime() : end) - begin);
  }

  /// Tells how many requests were answered.
  void report(TestReporter reporter) {
    reporter.publishEntry("answers a second", Long.toString(Math.round(rate())));
  }

  /// Ends it: requests that are under way are answered first.
  @Override
  public void close() {
    if (end == 0) {
      end = System.nanoTime();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Believes every server, whatever its name.
  private static final class AnyServer extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
