package dev.tiphys.network;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeSet;

/// What is answered to a request of HTTP/1.1, on a connection that ends with it.
///
/// @param location where the client is sent; empty for nowhere
/// @param shown those of its headers, sorted, that begin with what the request asks for by `X-Show`
public record Reply(String status, String location, String content, String shown) {

  private static final String SHOW = "X-Show: ";
  private static final String LOCATION = "location: ";
  private static final int PATIENCE_MILLIS = 60_000;

  /// Asks, and waits for the answer.
  ///
  /// @throws IOException if there is none
  public static Reply to(
      Socket socket, String method, String host, String target, String... headers)
      throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    socket
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                .formatted(method, target, host, more)
                .getBytes(StandardCharsets.UTF_8));
    String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] parts = all.split("\r\n\r\n", 2);
    if (parts.length < 2) {
      throw new IOException("the connection was closed without a response");
    }
    return of(parts[0].split("\r\n"), parts[1], headers);
  }

  private static Reply of(String[] head, String content, String... asked) {
    String location = "";
    TreeSet<String> shown = new TreeSet<>();
    for (String line : head) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LOCATION)) {
        location = line.substring(LOCATION.length());
      }
      for (String header : asked) {
        if (header.startsWith(SHOW) && lower.startsWith(header.substring(SHOW.length()))) {
          shown.add(line);
        }
      }
    }
    return new Reply(head[0].split(" ", 3)[1], location, content, String.join(" ", shown));
  }

  /// The status with the location, or with the content and the headers that are shown.
  public String text() {
    return location.isEmpty()
        ? (status + " " + content).strip() + (shown.isEmpty() ? "" : " " + shown)
        : status + " " + location;
  }

  /// The same without the page of a failure.
  public String textWithoutPage() {
    return status.startsWith("2") ? text() : new Reply(status, location, "", shown).text();
  }
}
