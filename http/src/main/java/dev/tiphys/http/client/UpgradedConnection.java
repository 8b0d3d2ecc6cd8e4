package dev.tiphys.http.client;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Tunnel;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The client's end of a connection that was upgraded from HTTP/1.1 (RFC 9110, section 7.8).
///
/// @param socket the connection, for what is sent and to end it: of what the server sends, some has
///   been read already
/// @param input what the server sends after its answer
/// @param headers the header fields of its answer
public record UpgradedConnection(Socket socket, InputStream input, List<Header> headers)
    implements AutoCloseable {

  private static final int LONGEST_TEXT = 64 << 10;

  /// How long the server may take to answer.
  private static final int ANSWERING_MILLIS = 60_000;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String STREAM_VERSION = "x-stream-protocol-version";

  public UpgradedConnection {
    headers = List.copyOf(headers);
  }

  /// Asks for the upgrade.
  ///
  /// @param socket an open connection; closed if the upgrade fails
  /// @param host what the server is called in the header
  /// @throws UpgradeRefusedException if the server answers with anything but 101
  public static UpgradedConnection ask(
      Socket socket, String host, String method, RequestTarget target, List<Header> headers)
      throws IOException {
    try {
      socket.setSoTimeout(ANSWERING_MILLIS);
      socket.getOutputStream().write(head(host, method, target, headers));
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      ResponseHead head = ResponseHead.read(in);
      if (head.status() != SWITCHING_PROTOCOLS) {
        String text = text(ResponseContent.of(method, head, in));
        throw new UpgradeRefusedException(head.status(), text.isEmpty() ? head.statusLine() : text);
      }
      socket.setSoTimeout(0);
      return new UpgradedConnection(socket, in, head.headers());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] head(
      String host, String method, RequestTarget target, List<Header> headers) {
    List<Header> all = new ArrayList<>();
    all.add(new Header("Host", host));
    all.addAll(headers);
    if (!method.equals("GET")) {
      all.add(new Header("Content-Length", "0"));
    }
    return ClientConnection.head(method, target, all);
  }

  /// The header fields by which a client asked us for an upgrade, to ask another server for the
  /// same.
  public static List<Header> upgradeHeaders(Exchange exchange) {
    List<Header> headers = new ArrayList<>();
    for (String name : exchange.headerNames()) {
      boolean passed =
          name.equals("upgrade")
              || name.equals("connection")
              || name.equals(STREAM_VERSION)
              || name.startsWith("sec-websocket-");
      if (passed) {
        headers.add(new Header(name, String.join(", ", exchange.headers(name))));
      }
    }
    return headers;
  }

  /// Answers our own client as the server answered us, and joins the two connections byte by byte
  /// until either ends.
  public void join(World world, Exchange exchange) throws IOException {
    List<Header> answer = new ArrayList<>();
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!name.equals("date") && !name.equals("content-length")) {
        answer.add(header);
      }
    }
    try (Tunnel client = exchange.upgrade(answer)) {
      OutputStream toServer = socket.getOutputStream();
      Task upward =
          world.start(
              "session-upward",
              () -> {
                copy(client.input(), toServer);
                closeQuietly(socket);
              });
      copy(input, client.output());
      upward.interrupt();
    } finally {
      close();
    }
  }

  /// Copies until either end is over. That one of them has gone ends a session just as its regular
  /// end does, and is no error.
  public static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[32 << 10];
    try {
      for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
        to.write(buffer, 0, length);
        to.flush();
      }
    } catch (IOException _) {
      // see above
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it was broken already
    }
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static String text(InputStream content) throws IOException {
    return new String(content.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8).strip();
  }
}
