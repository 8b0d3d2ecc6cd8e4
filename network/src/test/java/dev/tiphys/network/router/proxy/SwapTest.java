package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Tables and endpoints that change while requests are under way.
class SwapTest {

  @Test
  void twentySwitchesUnderLoadCostNoRequest() throws Exception {
    try (Scripted blue = Scripted.answering("blue");
        Scripted green = Scripted.answering("green");
        TestRouter router = new TestRouter()) {
      router.all(blue);
      Map<String, Integer> answers = new ConcurrentHashMap<>();
      AtomicBoolean over = new AtomicBoolean();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean keeps = i % 2 == 0;
        clients.add(Thread.ofVirtual().start(() -> load(router, keeps, over, answers)));
      }
      for (int i = 0; i < 20; i++) {
        Scripted to = i % 2 == 0 ? green : blue;
        String text = "200 " + (i % 2 == 0 ? "green" : "blue");
        router.all(to);
        assertThat(router.get("/")).as("the request after the switch").isEqualTo(text);
        int before = answers.values().stream().mapToInt(Integer::intValue).sum();
        while (answers.values().stream().mapToInt(Integer::intValue).sum() < before + 200) {
          Thread.onSpinWait();
        }
      }
      over.set(true);
      for (Thread each : clients) {
        each.join();
      }
      assertThat(answers).containsOnlyKeys("200 blue", "200 green");
    }
  }

  private static void load(
      TestRouter router, boolean keeps, AtomicBoolean over, Map<String, Integer> answers) {
    try (Raw client = router.connect()) {
      while (!over.get()) {
        String answer =
            keeps ? client.send("GET / HTTP/1.1\nHost: a\n\n").answer() : router.get("/");
        answers.merge(answer, 1, Integer::sum);
      }
    } catch (Exception e) {
      answers.merge(e.toString(), 1, Integer::sum);
    }
  }

  @Test
  void aRequestIsFinishedOnTheTableItBeganWith() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Scripted old =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  asked.countDown();
                  go.await();
                  connection.send(ok("old"));
                });
        Scripted next = Scripted.answering("new");
        TestRouter router = new TestRouter();
        Raw client = router.connect()) {
      Backend backend = TestRouter.backend(BackendPolicy.USUAL, old);
      router.all(new Action.Forward(Split.all(backend)));
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      asked.await();
      backend.endpoints(List.of());
      router.all(next);
      assertThat(router.get("/")).isEqualTo("200 new");
      go.countDown();
      assertThat(client.answer()).isEqualTo("200 old");
    }
  }

  @Test
  void endpointsChangeWithoutATable() throws Exception {
    try (Scripted one = Scripted.answering("one");
        Scripted other = Scripted.answering("other");
        TestRouter router = new TestRouter()) {
      Backend backend = TestRouter.backend(BackendPolicy.USUAL, one);
      router.all(new Action.Forward(Split.all(backend)));
      assertThat(router.get("/")).isEqualTo("200 one");
      backend.endpoints(List.of(other.address()));
      assertThat(router.get("/")).isEqualTo("200 other");
    }
  }

  @Test
  void whenTheProxyEndsRequestsUnderWayAreAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  if (!connection.head().contains("/first")) {
                    asked.countDown();
                    go.await();
                  }
                  connection.send(ok("last"));
                });
        TestRouter router = new TestRouter();
        Raw client = router.all(server).connect();
        Raw resting = router.connect()) {
      // A connection that is not accepted yet when a listener closes is reset by the kernel.
      assertThat(resting.send("GET /first HTTP/1.1\nHost: a\n\n").answer()).isEqualTo("200 last");
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      asked.await();
      Thread ending =
          Thread.ofVirtual().start(() -> router.router().close(java.time.Duration.ofSeconds(20)));
      assertThat(resting.rest()).isEmpty();
      go.countDown();
      assertThat(client.rest()).contains("connection: close").endsWith("last");
      ending.join();
    }
  }
}
