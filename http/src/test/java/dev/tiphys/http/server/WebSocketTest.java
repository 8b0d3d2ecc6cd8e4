package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.WebSocket;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A WebSocket as bytes on a connection: the server sends each message back.
class WebSocketTest {

  private static final World WORLD = new RealWorld();

  private final HttpServer server = new HttpServer(WORLD, WebSocketTest::echo, 0);
  private Socket socket;
  private DataInputStream in;

  private static void echo(Exchange exchange) throws IOException {
    try (WebSocket socket = WebSocket.accept(exchange, "two")) {
      for (byte[] message = socket.read(); message != null; message = socket.read()) {
        socket.write(message);
      }
    }
  }

  @BeforeEach
  void connect() throws IOException {
    int port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
    socket = new Socket("localhost", port);
    in = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: one, two\r\n\r\n")
                .getBytes(UTF_8));
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    server.close();
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(UTF_8).endsWith("\r\n\r\n")) {
      head.write(in.readUnsignedByte());
    }
    return head.toString(UTF_8);
  }

  /// Sends a frame, masked with `mask`.
  private void send(int first, byte[] payload, int mask) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(frame);
    out.writeByte(first);
    if (payload.length < 126) {
      out.writeByte(0x80 | payload.length);
    } else if (payload.length < 1 << 16) {
      out.writeByte(0x80 | 126);
      out.writeShort(payload.length);
    } else {
      out.writeByte(0x80 | 127);
      out.writeLong(payload.length);
    }
    out.writeInt(mask);
    for (int i = 0; i < payload.length; i++) {
      out.writeByte(payload[i] ^ mask >>> 8 * (3 - i % 4));
    }
    socket.getOutputStream().write(frame.toByteArray());
  }

  /// A frame: its first byte, and its payload.
  private record Frame(int first, String payload) {}

  private Frame receive() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    return new Frame(first, new String(in.readNBytes((int) length), ISO_8859_1));
  }

  @Test
  void theHandshakeIsAnsweredWithTheProtocolThatWasChosen() throws Exception {
    assertThat(head())
        .startsWith("HTTP/1.1 101 ")
        .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
        .contains("Sec-WebSocket-Protocol: two\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 1_000_000})
  void messagesOfAnyLengthPass(int length) throws Exception {
    head();
    byte[] message = new byte[length];
    java.util.Arrays.fill(message, (byte) 'x');
    send(0x82, message, 0x01020304);

    Frame echoed = receive();
    assertThat(echoed.first()).isEqualTo(0x82);
    assertThat(echoed.payload()).isEqualTo("x".repeat(length));
  }

  @Test
  void aMessageMayComeInPartsWithAPingBetween() throws Exception {
    head();
    send(0x01, "one ".getBytes(UTF_8), 7);
    send(0x89, "ping".getBytes(UTF_8), 8);
    send(0x80, "two".getBytes(UTF_8), 9);

    Frame pong = receive();
    assertThat(pong.first()).isEqualTo(0x8a);
    assertThat(pong.payload()).isEqualTo("ping");
    assertThat(receive().payload()).isEqualTo("one two");
  }

  @Test
  void aCloseIsAnsweredAndEndsTheConnection() throws Exception {
    head();
    send(0x88, new byte[] {3, (byte) 0xe8}, 1);

    Frame close = receive();
    assertThat(close.first()).isEqualTo(0x88);
    assertThat(close.payload()).isEqualTo("\u0003\u00e8");
    assertThat(in.read()).isNegative();
  }

  @Test
  void whatIsNoFrameEndsTheConnection() throws Exception {
    head();
    send(0x83, new byte[0], 1);
    in.readAllBytes();
  }

  @Test
  void aFrameThatIsTooLongIsNotHeld() throws Exception {
    head();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeByte(0x82);
    out.writeByte(0xff);
    out.writeLong(1L << 40);
    out.flush();
    in.readAllBytes();
  }
}
