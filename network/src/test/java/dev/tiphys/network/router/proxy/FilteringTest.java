package dev.tiphys.network.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.filters.Concurrency;
import dev.tiphys.network.router.filters.ContentSize;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/// Filters that decide later, and what becomes of requests meanwhile.
class FilteringTest {

  private static Route route(Filter filter, Scripted to) {
    return new Route(
        "filtered",
        new PathMatch.Prefix("/"),
        List.of(),
        List.of(filter),
        null,
        new Action.Forward(Split.all(TestRouter.backend(BackendPolicy.USUAL, to))));
  }

  @Test
  void contentThatOutgrowsTheLimitIsRefusedWhileItComes() throws Exception {
    try (Scripted server = new Scripted((connection, _) -> connection.rest());
        TestRouter router = new TestRouter().serve(route(new ContentSize(8), server));
        Raw client = router.connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      client.exactly("5\r\n12345\r\n");
      client.exactly("5\r\n67890\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void contentWithinTheLimitPasses() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.exactly(8);
                  connection.send(Scripted.ok("got it"));
                });
        TestRouter router = new TestRouter().serve(route(new ContentSize(8), server));
        Raw client = router.connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 8\n\n12345678");
      assertThat(client.answer()).isEqualTo("200 got it");
    }
  }

  @Test
  void aClientThatGoesBeforeTheDecisionIsForgotten() throws Exception {
    BlockingQueue<Passage> asked = new LinkedBlockingQueue<>();
    try (Scripted server = Scripted.answering("hello");
        TestRouter router = new TestRouter().serve(route(asked::add, server))) {
      try (Raw client = router.connect()) {
        client.send("GET / HTTP/1.1\nHost: a\nContent-Length: 1\n\n");
        asked.take();
      }
      try (Raw client = router.connect()) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        Passage passage = asked.take();
        passage.loop().execute(passage::goOn);
        assertThat(client.answer()).isEqualTo("200 hello");
      }
    }
  }

  @Test
  void aClientMayHaveSoManyRequestsUnderWay() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  begun.countDown();
                  go.await();
                  connection.send(Scripted.ok("done"));
                });
        TestRouter router = new TestRouter().serve(route(new Concurrency(1, List.of()), server));
        Raw first = router.connect()) {
      first.send("GET / HTTP/1.1\nHost: a\n\n");
      begun.await();
      assertThat(router.get("/")).startsWith("503 ");
      go.countDown();
      assertThat(first.answer()).isEqualTo("200 done");
      router.served();
      router.served();
      assertThat(router.get("/")).isEqualTo("200 done");
    }
  }
}
