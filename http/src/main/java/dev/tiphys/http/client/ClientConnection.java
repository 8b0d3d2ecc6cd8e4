package dev.tiphys.http.client;

import dev.tiphys.http.Header;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A connection over which a server is asked one thing, in HTTP/1.1: for what is to be passed on as
/// it comes, piece by piece and with every header field.
///
/// Threads: one sends, one reads; any may close.
public final class ClientConnection implements AutoCloseable {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
  private static final int LOOK_MILLIS = 2_000;
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Socket socket;
  private final InputStream in;
  private final String method;

  /// @param socket an open connection, which is closed with this
  /// @param method that is asked with
  public ClientConnection(Socket socket, String method) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    this.method = method;
  }

  /// Sends the head.
  ///
  /// @param headers all header fields
  public void send(RequestTarget target, List<Header> headers) throws IOException {
    socket.getOutputStream().write(head(method, target, headers));
  }

  static byte[] head(String method, RequestTarget target, List<Header> headers) {
    if (method.isEmpty() || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("not a method");
    }
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    headers.forEach(
        header -> head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Sends the content, each piece at once.
  ///
  /// @param chunked whether it is sent in chunks, as the head must have said
  public void send(InputStream content, boolean chunked) throws IOException {
    OutputStream out = socket.getOutputStream();
    byte[] buffer = new byte[16 << 10];
    for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
      if (chunked) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      out.write(buffer, 0, length);
      if (chunked) {
        out.write(LINE_END);
      }
    }
    if (chunked) {
      out.write(LAST_CHUNK);
    }
  }

  /// Waits for the head of the answer; what only says that one will follow is passed over.
  ///
  /// @param stillWanted is asked now and then whether there is any use in waiting on
  public ResponseHead answer(BooleanSupplier stillWanted) throws IOException {
    while (true) {
      await(stillWanted);
      ResponseHead head = ResponseHead.read(in);
      boolean passing = head.status() >= CONTINUE && head.status() < 200;
      if (!passing || head.status() == SWITCHING_PROTOCOLS) {
        return head;
      }
    }
  }

  private void await(BooleanSupplier stillWanted) throws IOException {
    socket.setSoTimeout(LOOK_MILLIS);
    in.mark(1);
    boolean begun = false;
    while (!begun) {
      try {
        begun = true;
        in.read();
      } catch (SocketTimeoutException e) {
        begun = false;
        if (!stillWanted.getAsBoolean()) {
          throw new IOException("context canceled", e);
        }
      }
    }
    in.reset();
    socket.setSoTimeout(0);
  }

  /// The content of the answer, after its head.
  public InputStream content(ResponseHead head) throws IOException {
    return ResponseContent.of(method, head, in);
  }

  /// The connection after the answer 101.
  public UpgradedConnection upgraded(ResponseHead head) {
    return new UpgradedConnection(socket, in, head.headers());
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // it was broken already
    }
  }
}
