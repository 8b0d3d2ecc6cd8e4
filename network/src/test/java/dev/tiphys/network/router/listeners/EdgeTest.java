package dev.tiphys.network.router.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.router.listeners.Edge.Site;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.TestPorts;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What several feeders serve at the same ports.
class EdgeTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.2");

  private final HttpRouter router = new HttpRouter(WORLD, RouterSettings.usual(1), Observer.NONE);
  private final AtomicReference<List<InetAddress>> places = new AtomicReference<>(List.of(HERE));
  private final Edge edge =
      new Edge(
          WORLD,
          router,
          (_, _) -> places.get(),
          EdgeTest::certificate,
          List.of("ingress", "istio"));
  private final int port = TestPorts.free();

  @AfterEach
  void stop() {
    edge.close();
    router.close();
  }

  private static TlsSettings certificate() {
    Credential own = AUTHORITY.issue(Subject.server("other", List.of()), Duration.ofHours(1));
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  private static VirtualHost host(String text, String... names) {
    return new VirtualHost(
        List.of(names).stream().map(EdgeTest::name).toList(),
        List.of(
            new Route(
                text, new PathMatch.Prefix("/"), new Action.Respond(200, "text/plain", text))));
  }

  private static HostName name(String text) {
    return text.equals("*") ? new HostName.Any() : new HostName.Exact(text);
  }

  private Site plain(VirtualHost... hosts) {
    return new Site(port, List.of(hosts));
  }

  private String get(String host) {
    return get(HERE, host);
  }

  private String get(InetAddress address, String host) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port));
      socket.setSoTimeout(60_000);
      String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.contains(" 404 ") ? "404" : answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } catch (IOException e) {
      return "refused";
    }
  }

  @Test
  void aPortIsOpenWhileItIsWanted() {
    assertThat(get("a")).isEqualTo("refused");
    edge.serve("istio", "1", List.of(plain(host("one", "a"))));
    assertThat(get("a")).isEqualTo("one");
    assertThat(get("b")).isEqualTo("404");
    assertThat(edge.addresses(port)).containsExactly(HERE);
    edge.serve("ingress", "7", List.of(plain(host("two", "b"))));
    edge.serve("istio", "2", List.of());
    assertThat(get("a")).isEqualTo("404");
    assertThat(get("b")).isEqualTo("two");
    assertThat(edge.revisions(port)).isEqualTo(Map.of("ingress", "7"));
    edge.serve("ingress", "8", List.of());
    assertThat(get("b")).isEqualTo("refused");
    assertThat(edge.addresses()).isEmpty();
  }

  @Test
  void ofTwoFeedersWithOneHostTheOneThatTakesPrecedenceIsServed() {
    edge.serve("unlisted", "1", List.of(plain(host("unlisted", "a", "c", "d"))));
    edge.serve("istio", "1", List.of(plain(host("istio", "a", "b", "*"))));
    edge.serve("ingress", "1", List.of(plain(host("ingress", "a"))));
    assertThat(get("a")).isEqualTo("ingress");
    assertThat(get("b")).isEqualTo("istio");
    assertThat(get("c")).isEqualTo("unlisted");
    assertThat(get("x")).isEqualTo("istio");
    edge.serve("ingress", "2", List.of());
    assertThat(get("a")).isEqualTo("istio");
  }

  @Test
  void aPortMovesToWhereItsPlaceIs() throws Exception {
    CountDownLatch told = new CountDownLatch(2);
    edge.onChange(told::countDown);
    edge.serve("ingress", "1", List.of(plain(host("one", "a"))));
    places.set(List.of(ELSEWHERE));
    edge.review();
    told.await();
    assertThat(edge.addresses(port)).containsExactly(ELSEWHERE);
    assertThat(get(ELSEWHERE, "a")).isEqualTo("one");
    assertThat(get(HERE, "a")).isEqualTo("refused");
  }

  @Test
  void aPortThatIsTakenIsOpenedOnceItIsFree() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    try (ServerSocket taker = new ServerSocket(port, 1, HERE)) {
      edge.serve("ingress", "1", List.of(plain(host("one", "a"))));
      assertThat(edge.problems().get(port)).contains("cannot listen on").contains("in use");
      assertThat(edge.addresses()).isEmpty();
      edge.onChange(opened::countDown);
      assertThat(taker.isClosed()).isFalse();
    }
    opened.await();
    assertThat(edge.problems()).isEmpty();
    assertThat(get("a")).isEqualTo("one");
  }

  /// Only a feeder of which that is wanted has clients answered that no certificate is for.
  @Test
  void theEdgesOwnCertificateIsShownWhereAFeederSaysSo() throws Exception {
    TlsPeers peers = new TlsPeers(AUTHORITY);
    edge.serve("istio", "1", List.of(secure(false)));
    assertThat(peers.isClosed(port, "any")).isTrue();
    edge.serve("ingress", "1", List.of(secure(true)));
    assertThat(peers.isClosed(port, "any")).isFalse();
    edge.serve("ingress", "2", List.of());
    assertThat(peers.isClosed(port, "any")).isTrue();
  }

  private Site secure(boolean showsOther) {
    return new Site(port, true, List.of(), Map.of(), StreamTable.EMPTY, showsOther);
  }

  @Test
  void aPortSpeaksTlsOrDoesNot() throws Exception {
    edge.serve(
        "istio",
        "1",
        List.of(new Site(port, true, List.of(host("s", "s")), Map.of(), StreamTable.EMPTY, false)));
    Map<Integer, String> conflict =
        Map.of(port, "port " + port + " is served without TLS for ingress");
    CountDownLatch opened = new CountDownLatch(1);
    Runnable look =
        () -> {
          if (edge.problems().equals(conflict)) {
            opened.countDown();
          }
        };
    edge.onChange(look);
    edge.serve("ingress", "1", List.of(plain(host("one", "a"))));
    look.run(); // the port may be free only a moment after it was closed
    opened.await();
    assertThat(get("a")).isEqualTo("one");
    assertThat(get("s")).isEqualTo("404");
    assertThat(edge.revisions(port)).isEqualTo(Map.of("ingress", "1"));
  }
}
