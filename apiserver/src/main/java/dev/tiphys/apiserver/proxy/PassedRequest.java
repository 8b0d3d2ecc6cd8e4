package dev.tiphys.apiserver.proxy;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.ResponseHead;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's request on its way to a backend. Its content is passed on while the answer is read,
/// which may begin, and end, before it.
final class PassedRequest implements AutoCloseable {

  private final World world;
  private final Exchange exchange;
  private final ClientConnection connection;
  private @Nullable Task sending;

  PassedRequest(World world, Exchange exchange, Socket socket) throws IOException {
    this.world = world;
    this.exchange = exchange;
    this.connection = new ClientConnection(socket, exchange.method());
  }

  ClientConnection connection() {
    return connection;
  }

  /// Sends the request. Returns the head of the answer.
  ResponseHead send(RequestTarget target, List<Header> headers) throws IOException {
    long length = exchange.contentLength();
    List<Header> all = new ArrayList<>(headers);
    if (length < 0) {
      all.add(new Header("Transfer-Encoding", "chunked"));
    } else if (length > 0 || !hasNone(exchange.method())) {
      all.add(new Header("Content-Length", Long.toString(length)));
    }
    connection.send(target, all);
    if (length != 0) {
      InputStream content = exchange.unlimitedContent();
      sending = world.start("proxied-content", () -> sendContent(content, length < 0));
    }
    return connection.answer(() -> !exchange.isGone());
  }

  private static boolean hasNone(String method) {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> false;
      default -> true;
    };
  }

  private void sendContent(InputStream content, boolean chunked) {
    try {
      connection.send(content, chunked);
    } catch (IOException e) {
      if (exchange.isGone()) {
        connection.close(); // so that the answer is not waited for
      }
      // else the backend takes no more, and its answer says why
    }
  }

  @Override
  public void close() {
    connection.close();
    Task left = sending;
    if (left != null) {
      left.interrupt();
    }
  }
}
