package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.TestPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How long a destination is waited for, how often it is asked, and by how many requests at once.
class RouteTriesTest {

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aSlowDestinationIsNotWaitedForAndStatusesAreTriedAgainIfThatIsSaid() throws Exception {
    cluster.service("slow");
    cluster.service("failing");
    cluster.answer(
        "slow",
        (exchange, _) -> {
          pause(exchange.getRequestHeaders().getFirst("X-Pause"));
          return 200;
        });
    AtomicInteger asked = new AtomicInteger();
    cluster.answer("failing", (_, _) -> asked.incrementAndGet() % 3 == 0 ? 200 : 503);
    cluster.virtualService(
        "times",
        """
        hosts: [a.example.com]
        http:
        - {match: [{uri: {prefix: /slow}}], timeout: 300ms, retries: {attempts: 0}, route: [{destination: {host: slow}}]}
        - {match: [{uri: {prefix: /again}}], retries: {attempts: 2, retryOn: '503'}, route: [{destination: {host: failing}}]}
        - {match: [{uri: {prefix: /twice}}], retries: {attempts: 1, retryOn: 5xx}, route: [{destination: {host: failing}}]}
        - {route: [{destination: {host: failing}}]}
        """);
    cluster.comes("200 slow /slow", "a.example.com", "/slow");
    assertThat(cluster.get("a.example.com", "/slow", "X-Pause: 5"))
        .isEqualTo("504 upstream request timeout");
    assertThat(cluster.get("a.example.com", "/again")).isEqualTo("200 failing /again");
    assertThat(asked).hasValue(3);
    assertThat(cluster.get("a.example.com", "/twice")).isEqualTo("503 failing /twice");
    assertThat(asked).hasValue(5);
    asked.set(0);
    assertThat(cluster.get("a.example.com", "/")).as("by default").isEqualTo("503 failing /");
    assertThat(asked).hasValue(1);
  }

  private static void pause(String seconds) {
    if (seconds != null) {
      try {
        boolean _ = new CountDownLatch(1).await(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Payments are not made twice: what the application answers by itself is passed on. A connection
  /// that can't be made is another matter, unless all tries are forbidden.
  @Test
  void byDefaultOnlyWhatReachedNoApplicationIsTriedAgain() throws Exception {
    cluster.service("paying");
    AtomicInteger payments = new AtomicInteger();
    cluster.answer(
        "paying",
        (_, _) -> {
          payments.incrementAndGet();
          return 503;
        });
    cluster.service("half");
    cluster.slice("half", "closed", TestPorts.free(), true);
    cluster.virtualService(
        "paying",
        """
        hosts: [a.example.com]
        http:
        - {match: [{uri: {exact: /never}}], retries: {attempts: 0}, route: [{destination: {host: half}}]}
        - {match: [{uri: {exact: /half}}], route: [{destination: {host: half}}]}
        - {match: [{uri: {exact: /pay}}], route: [{destination: {host: paying}}]}
        """);
    cluster.comes("404", "a.example.com", "/");
    var at = cluster.at(cluster.port());
    assertThat(cluster.ask(at, "POST", "a.example.com", "/pay")).startsWith("503 paying");
    assertThat(payments).hasValue(1);
    int failed = 0;
    for (int i = 0; i < 40; i++) {
      assertThat(cluster.ask(at, "POST", "a.example.com", "/half")).isEqualTo("200 half /half");
      failed += cluster.ask(at, "POST", "a.example.com", "/never").startsWith("503") ? 1 : 0;
    }
    assertThat(failed).isPositive();
  }

  /// One request has the only connection, one waits for it, and a third is refused.
  @Test
  void requestsWaitForAConnectionUpToALimit() throws Exception {
    cluster.service("one");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    cluster.answer(
        "one",
        (request, number) -> {
          asked.countDown();
          try {
            answered.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 200;
        });
    cluster.destinationRule(
        "one",
        "host: one\ntrafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http:"
            + " {http1MaxPendingRequests: 1}}}");
    cluster.virtualService(
        "one",
        "hosts: [a.example.com]\nhttp:\n- {match: [{uri: {exact: /ready}}], directResponse: {status:"
            + " 200, body: {string: ready}}}\n- {timeout: 20s, retries: {attempts: 0}, route: [{destination: {host: one}}]}");
    cluster.comes("200 ready", "a.example.com", "/ready");

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first = clients.submit(() -> cluster.get("a.example.com", "/1"));
      asked.await();
      List<Future<String>> more = new ArrayList<>();
      cluster
          .live()
          .eventually(
              () -> {
                more.add(clients.submit(() -> cluster.get("a.example.com", "/2")));
                return more.stream().anyMatch(Future::isDone);
              });
      assertThat(more.stream().filter(Future::isDone).map(Future::resultNow))
          .containsOnly("503 no healthy upstream");
      answered.countDown();
      assertThat(first.get()).isEqualTo("200 one /1");
      List<String> answers = new ArrayList<>();
      for (Future<String> each : more) {
        answers.add(each.get());
      }
      assertThat(answers).contains("200 one /2");
    }
  }
}
