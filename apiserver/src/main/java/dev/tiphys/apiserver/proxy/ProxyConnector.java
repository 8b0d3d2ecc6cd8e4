package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.apiserver.streaming.AnyPeer;
import dev.tiphys.apiserver.streaming.NodeAgents;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.ResponseHead;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;

/// `pods/proxy`, `services/proxy`, `nodes/proxy`: passes requests on to what answers for an object,
/// and its answers back.
///
/// Threads: any.
public final class ProxyConnector implements Connectors.Connector {

  private static final int SWITCHING_PROTOCOLS = 101;

  private final World world;
  private final Locator locator;

  private ProxyConnector(World world, Locator locator) {
    this.world = world;
    this.locator = locator;
  }

  /// Adds those of all resources that are proxied.
  ///
  /// @param objects where endpoints and Pods are found
  public static void addTo(Connectors connectors, World world, Lookup objects, NodeAgents agents) {
    SSLContext tls = AnyPeer.context();
    connectors
        .add("pods/proxy", new ProxyConnector(world, new PodLocator(tls)))
        .add(
            "services/proxy",
            new ProxyConnector(world, new ServiceLocator(objects, world.random(), tls)))
        .add("nodes/proxy", new ProxyConnector(world, new NodeLocator(agents, tls)));
  }

  @Override
  public void connect(ResourceRequest request) {
    Backend backend = locator.locate(request);
    ProxiedPath path = ProxiedPath.of(request);
    try {
      if (isUpgrade(request.exchange())) {
        upgrade(request, backend, path);
      } else if (path.path().isEmpty() && isReading(request.exchange())) {
        // relative links of the answer would lead elsewhere
        String query = path.query().isEmpty() ? "" : "?" + path.query();
        request.response().sendEmpty(301, new Header("Location", path.prefix() + "/" + query));
      } else {
        pass(request, backend, path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isUpgrade(Exchange exchange) {
    return exchange.protocol().startsWith("HTTP/1")
        && exchange.headers("connection").stream()
            .flatMap(value -> List.of(value.split(",")).stream())
            .anyMatch(word -> word.strip().equalsIgnoreCase("upgrade"));
  }

  private static boolean isReading(Exchange exchange) {
    return exchange.method().equals("GET") || exchange.method().equals("HEAD");
  }

  private void pass(ResourceRequest request, Backend backend, ProxiedPath path)
      throws InterruptedException {
    Exchange exchange = request.exchange();
    Links links = new Links(path.prefix(), backend.authority(), exchange.authority());
    PassedAnswer answer = new PassedAnswer(request.response(), links);
    List<Header> headers = ForwardedHeaders.ofRequest(exchange, false);
    headers.add(new Header("X-Forwarded-Uri", path.forwarded()));
    try (Socket socket = backend.connect();
        PassedRequest passed = new PassedRequest(world, exchange, socket)) {
      ResponseHead head = passed.send(path.target(), headers);
      answer.pass(passed.connection(), head);
    } catch (IOException e) {
      throw ApiException.of(
          Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
    }
  }

  private void upgrade(ResourceRequest request, Backend backend, ProxiedPath path)
      throws InterruptedException {
    Exchange exchange = request.exchange();
    try (Socket socket = dial(backend);
        ClientConnection connection = new ClientConnection(socket, exchange.method())) {
      connection.send(path.target(), ForwardedHeaders.ofRequest(exchange, true));
      ResponseHead head = connection.answer(() -> !exchange.isGone());
      if (head.status() == SWITCHING_PROTOCOLS) {
        request.response().switchProtocol();
        connection.upgraded(head).join(world, exchange);
      } else if (head.status() >= 400) {
        Links links = new Links(path.prefix(), backend.authority(), exchange.authority());
        new PassedAnswer(request.response(), links).pass(connection, head);
      } else {
        throw new IOException("invalid upgrade response: status code " + head.status());
      }
    } catch (IOException e) {
      throw ApiException.of(Reason.UNKNOWN, String.valueOf(e.getMessage()));
    }
  }

  private static Socket dial(Backend backend) throws IOException {
    try {
      return backend.connect();
    } catch (IOException e) {
      throw new IOException("error dialing backend: " + e.getMessage(), e);
    }
  }
}
