package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.ResponseHead;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes a client's request on to a backend, and the answer back: each piece as it comes, and what
/// follows an upgrade in both directions.
///
/// @param world its tasks
/// @param response the client's
/// @param backend what the request is passed on to
/// @param links how links of the answer are changed; null if they stay as they are
public record Relay(World world, ResponseWriter response, Backend backend, @Nullable Links links) {

  private static final int SWITCHING_PROTOCOLS = 101;

  /// Whether a request asks for another protocol.
  public static boolean isUpgrade(Exchange exchange) {
    return exchange.protocol().startsWith("HTTP/1")
        && exchange.headers("connection").stream()
            .flatMap(value -> List.of(value.split(",")).stream())
            .anyMatch(word -> word.strip().equalsIgnoreCase("upgrade"));
  }

  /// Passes the request on.
  ///
  /// @param more header fields beside those of the client; theirs of these names are left out
  /// @throws ApiException if the backend can't be reached, or gives no answer
  public void pass(RequestTarget target, List<Header> more) throws InterruptedException {
    Exchange exchange = response.exchange();
    if (isUpgrade(exchange)) {
      upgrade(target, more);
      return;
    }
    try (Socket socket = backend.connect();
        PassedRequest passed = new PassedRequest(world, exchange, socket)) {
      ResponseHead head = passed.send(target, headers(exchange, false, more));
      new PassedAnswer(response, links).pass(passed.connection(), head);
    } catch (IOException e) {
      throw ApiException.of(
          Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
    }
  }

  private static List<Header> headers(Exchange exchange, boolean upgrade, List<Header> more) {
    List<Header> headers = new ArrayList<>();
    for (Header header : ForwardedHeaders.ofRequest(exchange, upgrade)) {
      if (more.stream().noneMatch(each -> each.name().equalsIgnoreCase(header.name()))) {
        headers.add(header);
      }
    }
    headers.addAll(more);
    return headers;
  }

  private void upgrade(RequestTarget target, List<Header> more) throws InterruptedException {
    Exchange exchange = response.exchange();
    try (Socket socket = dial();
        ClientConnection connection = new ClientConnection(socket, exchange.method())) {
      connection.send(target, headers(exchange, true, more));
      ResponseHead head = connection.answer(() -> !exchange.isGone());
      if (head.status() == SWITCHING_PROTOCOLS) {
        response.switchProtocol();
        connection.upgraded(head).join(world, exchange);
      } else if (head.status() >= 400) {
        new PassedAnswer(response, links).pass(connection, head);
      } else {
        throw new IOException("invalid upgrade response: status code " + head.status());
      }
    } catch (IOException e) {
      throw ApiException.of(Reason.UNKNOWN, String.valueOf(e.getMessage()));
    }
  }

  private Socket dial() throws IOException {
    try {
      return backend.connect();
    } catch (IOException e) {
      throw new IOException("error dialing backend: " + e.getMessage(), e);
    }
  }
}
