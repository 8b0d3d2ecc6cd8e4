package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Balancing;
import dev.tiphys.network.router.backends.Ejection;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.network.router.table.Wording;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is done with a request besides passing it on.
class SplitRouteTest {

  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private static Action.Forward forward(
      Split split, Retries retries, List<Mirror> mirrors, Fault fault) {
    return new Action.Forward(
        split,
        Rewrite.KEEP,
        HeaderEdits.NONE,
        HeaderEdits.NONE,
        Timeouts.USUAL,
        retries,
        mirrors,
        fault,
        Wording.ENVOY);
  }

  private static Backend backend(Scripted... endpoints) {
    return TestRouter.backend(BackendPolicy.USUAL, endpoints);
  }

  @Test
  void aCopyReachesItsBackendWhileTheResponseComesFromTheOther() throws Exception {
    BlockingQueue<String> copies = new LinkedBlockingQueue<>();
    try (Scripted silent =
            new Scripted(
                (connection, _) -> {
                  copies.add(connection.head() + "\n\n" + connection.exactly(4));
                  connection.rest(); // is never answered
                });
        Scripted taking =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.exactly(4);
                  connection.send(ok("main"));
                });
        Raw client = router.connect()) {
      router.all(
          forward(
              Split.all(backend(taking)),
              Retries.NONE,
              List.of(new Mirror(backend(silent), 100), new Mirror(backend(), 100)),
              Fault.NONE));
      client.send("POST /a?b HTTP/1.1\nHost: shop.example.com:80\nContent-Length: 4\n\nbody");
      assertThat(client.answer()).isEqualTo("200 main");
      assertThat(copies.take())
          .startsWith("POST /a?b HTTP/1.1\n")
          .contains("host: shop.example.com-shadow:80")
          .endsWith("\n\nbody");
    }
  }

  @Test
  void requestsAreAbortedAndHeldUpOnPurpose() throws Exception {
    try (Scripted server = Scripted.answering("hello")) {
      Split split = Split.all(backend(server));
      router.all(forward(split, Retries.NONE, List.of(), new Fault(0, Duration.ZERO, 100, 418)));
      assertThat(router.get("/")).isEqualTo("418 fault filter abort");
      assertThat(server.connections()).isZero();
      router.served();
      router.all(
          forward(split, Retries.NONE, List.of(), new Fault(100, Duration.ofMillis(200), 0, 0)));
      assertThat(router.get("/")).isEqualTo("200 hello");
      assertThat(router.served().span()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }
  }

  @Test
  void halfOfTheRequestsAreAborted() throws Exception {
    try (Scripted server = Scripted.answering("hello");
        Raw client = router.connect()) {
      router.all(
          forward(
              Split.all(backend(server)),
              Retries.NONE,
              List.of(),
              new Fault(0, Duration.ZERO, 50, 503)));
      int aborted = 0;
      for (int i = 0; i < 1000; i++) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        aborted += client.answer().startsWith("503") ? 1 : 0;
      }
      assertThat(aborted).isBetween(420, 580); // five standard deviations
    }
  }

  @Test
  void whatCannotBeReachedIsSaidInTheWordsOfTheRoute() throws Exception {
    router.all(forward(Split.all(backend()), Retries.NONE, List.of(), Fault.NONE));
    assertThat(router.get("/")).isEqualTo("503 no healthy upstream");
    router.all(forward(Split.all(backend(Scripted.gone())), Retries.NONE, List.of(), Fault.NONE));
    assertThat(router.get("/"))
        .isEqualTo("503 upstream connect error or disconnect/reset before headers");
  }

  @Test
  void aShareChangesHeadersOfItsRequestsAndResponses() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  heads.add(connection.head());
                  connection.send("HTTP/1.1 200 OK\nContent-Length: 0\nX-Own: 1\n\n");
                });
        Raw client = router.connect()) {
      router.all(
          new Action.Forward(
              new Split(
                  List.of(
                      new Split.Share(
                          backend(server),
                          1,
                          new HeaderEdits(List.of(), Map.of("x-to", "canary"), Map.of()),
                          new HeaderEdits(
                              List.of("x-own"), Map.of("x-by", "canary"), Map.of()))))));
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(client.head()).contains("x-by: canary").doesNotContain("x-own");
      assertThat(heads.take()).contains("x-to: canary");
    }
  }

  private static Backend hashed(HashBy by, Scripted... endpoints) {
    return TestRouter.backend(
        new BackendPolicy(
            Balancing.HASH,
            Protocol.HTTP_1,
            Integer.MAX_VALUE,
            Ejection.NEVER,
            Duration.ZERO,
            Duration.ofSeconds(5),
            by),
        endpoints);
  }

  @Test
  void theSameHeaderLeadsToTheSameEndpoint() throws Exception {
    try (Scripted one = Scripted.answering("1");
        Scripted other = Scripted.answering("2");
        Raw client = router.connect()) {
      router.all(new Action.Forward(Split.all(hashed(new HashBy.Header("x-user"), one, other))));
      Set<String> all = new HashSet<>();
      for (int user = 0; user < 30; user++) {
        Set<String> ofUser = new HashSet<>();
        for (int i = 0; i < 5; i++) {
          client.send("GET / HTTP/1.1\nHost: a\nX-User: u" + user + "\n\n");
          ofUser.add(client.answer());
        }
        assertThat(ofUser).hasSize(1);
        all.addAll(ofUser);
      }
      assertThat(all).containsExactlyInAnyOrder("200 1", "200 2");
    }
  }

  @Test
  void aClientKeepsItsEndpointByTheCookieThatItIsGiven() throws Exception {
    try (Scripted one = Scripted.answering("1");
        Scripted other = Scripted.answering("2");
        Raw client = router.connect()) {
      router.all(
          new Action.Forward(
              Split.all(
                  hashed(new HashBy.Cookie("user", "/", Duration.ofSeconds(60)), one, other))));
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      String head = client.head();
      String first = client.exactly(1);
      assertThat(head).contains("set-cookie: user=\"").contains("; max-age=60; path=/; httponly");
      String cookie = head.split("set-cookie: ")[1].split(";")[0];
      for (int i = 0; i < 20; i++) {
        client.send("GET / HTTP/1.1\nHost: a\nCookie: x=y; " + cookie + "\n\n");
        assertThat(client.head()).doesNotContain("set-cookie");
        assertThat(client.exactly(1)).isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 503 tries 1", "1, 200 tries 2"})
  void aStatusOfGrpcIsTriedAgainWhereThatIsSaid(int extra, String expected) throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  while (connection.head().startsWith("POST")) {
                    boolean failing = tries.incrementAndGet() == 1;
                    connection.send(
                        failing
                            ? "HTTP/1.1 503 No\nGrpc-Status: 14\nContent-Length: 0\n\n"
                            : "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
                  }
                });
        Raw client = router.connect()) {
      router.all(
          forward(
              Split.all(backend(server)),
              new Retries(1 + extra, Set.of(), Set.of(), Set.of(14), Duration.ZERO),
              List.of(),
              Fault.NONE));
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
      assertThat(client.answer().strip() + " tries " + tries).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0, http://shop.example.com/a/b?c",
    "https, '', 0, https://shop.example.com/a/b?c",
    "https, other, 8443, https://other:8443/a/b?c",
    "'', '', -1, http://shop.example.com:8080/a/b?c"
  })
  void aClientIsSentToWhatItAskedForWithSomePartsReplaced(
      String scheme, String host, int port, String expected) throws Exception {
    router.all(
        new Action.Relocate(
            301,
            scheme.isEmpty() ? null : scheme,
            host.isEmpty() ? null : host,
            port,
            new Rewrite.OfPath.Keep()));
    try (Raw client = router.connect()) {
      client.send("GET /a/b?c HTTP/1.1\nHost: shop.example.com:8080\n\n");
      assertThat(client.head()).endsWith("location: " + expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /, /api/x, //x",
    "/api/, /, /api/x, /x",
    "/foo, /bar, /foobar, /barbar",
    "/Foo, /, /foo/x, //x"
  })
  void charactersAreReplaced(String from, String to, String path, String expected) {
    assertThat(new Rewrite.OfPath.Characters(from, to).of(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'^/service/([^/]+)(/.*)$', '$2/instance/$1', /service/foo/v1/api, /v1/api/instance/foo",
    "one, two, /xxx/one/yyy/one/zzz, /xxx/two/yyy/two/zzz",
    "no, yes, /a, "
  })
  void whatAnExpressionFindsIsReplaced(
      String pattern, String template, String path, String expected) {
    assertThat(new Rewrite.OfPath.Found(Pattern.compile(pattern), template).of(path))
        .isEqualTo(expected);
  }
}
