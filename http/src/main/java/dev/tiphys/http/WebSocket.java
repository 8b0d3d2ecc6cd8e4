package dev.tiphys.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The server's end of a WebSocket (RFC 6455), over the bytes of an upgraded connection.
///
/// Threads: one reads; any writes.
public final class WebSocket implements AutoCloseable {

  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int LONGEST = 16 << 20;

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int NORMAL_CLOSURE = 1000;

  private final Tunnel tunnel;
  private final DataInputStream in;
  private final OutputStream out;
  private final Object writing = new Object();
  private boolean closeSent;

  private WebSocket(Tunnel tunnel) {
    this.tunnel = tunnel;
    this.in = new DataInputStream(tunnel.input());
    this.out = tunnel.output();
  }

  /// Whether a request asks for a WebSocket.
  public static boolean isAskedFor(Exchange exchange) {
    return exchange.protocol().startsWith("HTTP/1")
        && "websocket".equalsIgnoreCase(exchange.header("upgrade"));
  }

  /// What is wrong with the handshake of a request that asks for a WebSocket (RFC 6455, 4.2.1);
  /// empty if it can be accepted.
  public static String fault(Exchange exchange) {
    boolean upgrades =
        exchange.headers("connection").stream()
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
    if (!exchange.method().equals("GET") || !upgrades) {
      return "not websocket protocol";
    }
    if (exchange.header("sec-websocket-key") == null) {
      return "mismatch challenge/response";
    }
    return "13".equals(exchange.header("sec-websocket-version"))
        ? ""
        : "missing or bad WebSocket Version";
  }

  /// The subprotocols that the client offers, the most wanted first.
  public static List<String> offered(Exchange exchange) {
    return exchange.headers("sec-websocket-protocol").stream()
        .flatMap(header -> List.of(header.split(",")).stream())
        .map(String::strip)
        .toList();
  }

  /// Answers the request and begins to speak.
  ///
  /// @param protocol the subprotocol that was chosen; empty for none
  public static WebSocket accept(Exchange exchange, String protocol) {
    return new WebSocket(exchange.upgrade(headers(exchange, protocol)));
  }

  /// Answers the request and only sends from then on: each piece of the stream is one message.
  ///
  /// @param protocol the subprotocol that was chosen; empty for none
  /// @param text whether the messages are texts, not bytes
  public static ResponseStream acceptToSend(Exchange exchange, String protocol, boolean text) {
    return exchange.messages(headers(exchange, protocol), text);
  }

  private static List<Header> headers(Exchange exchange, String protocol) {
    String key = exchange.header("sec-websocket-key");
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Upgrade", "websocket"));
    headers.add(new Header("Connection", "Upgrade"));
    headers.add(new Header("Sec-WebSocket-Accept", answer(key == null ? "" : key)));
    if (!protocol.isEmpty()) {
      headers.add(new Header("Sec-WebSocket-Protocol", protocol));
    }
    return headers;
  }

  private static String answer(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /// The next message; null when the client has closed the connection.
  public byte @Nullable [] read() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      boolean last = (first & 0x80) != 0;
      byte[] payload = payload();
      switch (first & 0x0f) {
        case CONTINUATION, TEXT, BINARY -> {
          message.write(payload);
          if (message.size() > LONGEST) {
            throw new IOException("a message is longer than " + LONGEST + " bytes");
          }
          if (last) {
            return message.toByteArray();
          }
        }
        case PING -> frame(PONG, payload);
        case PONG -> {}
        case CLOSE -> {
          sendClose(payload);
          return null;
        }
        default -> throw new IOException("no such WebSocket frame: " + (first & 0x0f));
      }
    }
  }

  private byte[] payload() throws IOException {
    int second = in.readUnsignedByte();
    long length = second & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    if (length < 0 || length > LONGEST) {
      throw new IOException("a frame is longer than " + LONGEST + " bytes");
    }
    byte[] mask = new byte[4];
    boolean masked = (second & 0x80) != 0;
    if (masked) {
      in.readFully(mask);
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    if (masked) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i & 3];
      }
    }
    return payload;
  }

  /// Sends a binary message.
  public void write(byte[] message) throws IOException {
    frame(BINARY, message);
  }

  private void frame(int opcode, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(126);
      frame.write(payload.length >>> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >>> shift));
      }
    }
    frame.write(payload);
    synchronized (writing) {
      out.write(frame.toByteArray());
    }
  }

  private void sendClose(byte[] reason) throws IOException {
    synchronized (writing) {
      if (closeSent) {
        return;
      }
      closeSent = true;
      frame(CLOSE, reason);
    }
  }

  /// Sends the close, and closes the connection.
  @Override
  public void close() throws IOException {
    try {
      sendClose(new byte[] {NORMAL_CLOSURE >>> 8, (byte) NORMAL_CLOSURE});
    } finally {
      tunnel.close();
    }
  }
}
