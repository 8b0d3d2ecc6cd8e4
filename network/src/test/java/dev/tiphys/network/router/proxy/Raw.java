package dev.tiphys.network.router.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/// One end of a connection, on which bytes are sent as they are.
record Raw(Socket socket) implements AutoCloseable {

  static Raw to(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(60_000);
    return new Raw(socket);
  }

  /// @param text its lines end with `\n`; they are sent with CR LF
  Raw send(String text) throws IOException {
    return exactly(text.replace("\n", "\r\n"));
  }

  Raw exactly(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = socket.getInputStream().read(); ; next = socket.getInputStream().read()) {
      if (next < 0 || next == '\n') {
        return line.toString(ISO_8859_1).strip();
      }
      line.write(next);
    }
  }

  /// The head of a message: its lines in lower case, but for the first.
  String head() throws IOException {
    StringBuilder head = new StringBuilder(line());
    for (String next = line(); !next.isEmpty(); next = line()) {
      head.append('\n').append(next.toLowerCase(Locale.ROOT));
    }
    return head.toString();
  }

  String exactly(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
  }

  /// A whole response with a known length: its status, and its content after a space.
  String answer() throws IOException {
    String head = head();
    int at = head.indexOf("content-length:");
    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 15).split("\n", 2)[0].strip());
    return head.split(" ", 3)[1] + " " + exactly(length);
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
