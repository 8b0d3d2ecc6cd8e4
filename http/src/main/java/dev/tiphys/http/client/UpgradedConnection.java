package dev.tiphys.http.client;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Tunnel;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
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
/// @param socket the connection, of which the server's answer has been read
/// @param headers the header fields of that answer
public record UpgradedConnection(Socket socket, List<Header> headers) implements AutoCloseable {

  private static final int LONGEST_HEAD = 64 << 10;

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
      String statusLine = line(socket.getInputStream());
      List<Header> answer = headers(socket.getInputStream());
      int status = status(statusLine);
      if (status != SWITCHING_PROTOCOLS) {
        String text = body(socket.getInputStream(), answer);
        throw new UpgradeRefusedException(status, text.isEmpty() ? statusLine : text);
      }
      socket.setSoTimeout(0);
      return new UpgradedConnection(socket, answer);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] head(
      String host, String method, RequestTarget target, List<Header> headers) {
    if (!method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("not a method");
    }
    List<Header> all = new ArrayList<>();
    all.add(new Header("Host", host));
    all.addAll(headers);
    if (!method.equals("GET")) {
      all.add(new Header("Content-Length", "0"));
    }
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    all.forEach(
        header -> head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
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
      copy(socket.getInputStream(), client.output());
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
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      length += line.length();
      if (length > LONGEST_HEAD) {
        throw new IOException("the server's answer is too long");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return headers;
  }

  private static Header header(String name, String value) throws IOException {
    try {
      return new Header(name, value);
    } catch (IllegalArgumentException e) {
      throw new IOException("the server does not speak HTTP: " + e.getMessage(), e);
    }
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
    long length = 0;
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("content-length")) {
        length = length(header.value());
      }
    }
    byte[] body = in.readNBytes((int) Math.min(length, LONGEST_HEAD));
    return new String(body, StandardCharsets.UTF_8).strip();
  }

  private static long length(String text) throws IOException {
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new IOException("the server does not speak HTTP: " + text, e);
    }
  }
}
