package dev.tiphys.apiserver.streaming;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A connection to a node's agent that has been upgraded from HTTP/1.1.
///
/// @param socket the connection, of which the agent's answer has been read
/// @param headers the header fields of the answer, as `name: value`
record Upgrade(Socket socket, List<String> headers) {

  private static final int LONGEST_HEAD = 64 << 10;

  /// Asks for the upgrade.
  ///
  /// @throws ApiException if the agent refuses
  static Upgrade ask(
      Socket socket, NodeAgent agent, String method, String path, Map<String, String> headers)
      throws IOException {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(agent.host()).append(':').append(agent.port()).append("\r\n");
    headers.forEach(
        (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    if (!method.equals("GET")) {
      request.append("Content-Length: 0\r\n");
    }
    request.append("\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    List<String> lines = head(socket.getInputStream());
    String status = lines.getFirst();
    if (!status.startsWith("HTTP/1.1 101")) {
      throw refusal(socket, status, lines);
    }
    return new Upgrade(socket, lines.subList(1, lines.size()));
  }

  private static ApiException refusal(Socket socket, String status, List<String> headers)
      throws IOException {
    int length = 0;
    for (String header : headers) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    byte[] body = socket.getInputStream().readNBytes(Math.min(length, LONGEST_HEAD));
    socket.close();
    String[] words = status.split(" ", 3);
    boolean bad = words.length > 1 && words[1].startsWith("4");
    String text = new String(body, StandardCharsets.UTF_8).strip();
    String message = "unable to upgrade connection: " + (text.isEmpty() ? status : text);
    return bad
        ? ApiException.of(Reason.BAD_REQUEST, message)
        : ApiException.of(Reason.INTERNAL_ERROR, message);
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int i = 0; i < LONGEST_HEAD; i++) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the node's agent closed the connection");
      }
      if (next != '\n') {
        line.write(next);
        continue;
      }
      String text = line.toString(StandardCharsets.ISO_8859_1).strip();
      line.reset();
      if (text.isEmpty()) {
        return lines;
      }
      lines.add(text);
    }
    throw new IOException("the node's agent answers too much");
  }
}
