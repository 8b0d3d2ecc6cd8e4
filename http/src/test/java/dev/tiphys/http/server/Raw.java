package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;

/// A client that sends bytes as they are, without TLS.
record Raw(Socket socket) implements AutoCloseable {

  static Raw to(int port) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(60_000);
    return new Raw(socket);
  }

  /// @param text its lines end with `\n`; they are sent with CR LF
  Raw send(String text) throws IOException {
    socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(UTF_8));
    socket.getOutputStream().flush();
    return this;
  }

  /// A line of what came back.
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = socket.getInputStream().read(); ; next = socket.getInputStream().read()) {
      if (next < 0 || next == '\n') {
        return line.toString(ISO_8859_1).strip();
      }
      line.write(next);
    }
  }

  /// A whole answer with a known length: its status line, and its content after a space.
  String answer() throws IOException {
    String status = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    return status + " " + new String(socket.getInputStream().readNBytes(length), UTF_8);
  }

  /// Everything up to the end of the connection.
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
