package dev.tiphys.http;

import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The client's end of a connection that was upgraded from HTTP/1.1 (RFC 9110, section 7.8).
///
/// @param socket the connection, of which the server's answer has been read
/// @param headers the header fields of that answer
public record UpgradedConnection(Socket socket, List<Header> headers) implements AutoCloseable {

  private static final int LONGEST_HEAD = 64 << 10;
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
      Socket socket, String host, String method, String path, Map<String, String> headers)
      throws IOException {
    try {
      StringBuilder request = new StringBuilder();
      request.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
      request.append("Host: ").append(host).append("\r\n");
      headers.forEach(
          (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
      if (!method.equals("GET")) {
        request.append("Content-Length: 0\r\n");
      }
      request.append("\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String statusLine = line(socket.getInputStream());
      List<Header> answer = headers(socket.getInputStream());
      int status = status(statusLine);
      if (status != SWITCHING_PROTOCOLS) {
        String text = body(socket.getInputStream(), answer);
        throw new UpgradeRefusedException(status, text.isEmpty() ? statusLine : text);
      }
      return new UpgradedConnection(socket, answer);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// The header fields by which a client asked us for an upgrade, to ask another server for the
  /// same.
  public static Map<String, String> wishesOf(Exchange exchange) {
    Map<String, String> wishes = new LinkedHashMap<>();
    for (String name : exchange.headerNames()) {
      boolean passed =
          name.equals("upgrade")
              || name.equals("connection")
              || name.equals(STREAM_VERSION)
              || name.startsWith("sec-websocket-");
      if (passed) {
        wishes.put(name, String.join(", ", exchange.headers(name)));
      }
    }
    return wishes;
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
      copy(socket.getInputStream(), client.output());
      upward.interrupt();
    } finally {
      close();
    }
  }

  /// Copies until either end is over. That one of them has gone ends a session as its end in good
  /// order does, and is no error.
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

  private static int status(String line) throws IOException {
    String[] words = line.split(" ", 3);
    try {
      return Integer.parseInt(words[1]);
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("the server does not speak HTTP: " + line, e);
    }
  }

  private static List<Header> headers(InputStream in) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the server closed the connection");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).strip();
      }
      line.write(next);
    }
    throw new IOException("the server's answer is too long");
  }

  private static String body(InputStream in, List<Header> headers) throws IOException {
    int length = 0;
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("content-length")) {
        length = Integer.parseInt(header.value());
      }
    }
    byte[] body = in.readNBytes(Math.min(length, LONGEST_HEAD));
    return new String(body, StandardCharsets.UTF_8).strip();
  }
}
