package dev.tiphys.node.probes;

import dev.tiphys.object.GoDuration;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// Asks a server the one question of gRPC's health checking protocol. One request on a connection
/// of its own needs little of HTTP/2: its headers are written without compression, and those of the
/// answer need not be read.
///
/// See <https://github.com/grpc/grpc/blob/master/doc/health-checking.md> and RFC 9113.
///
/// Threads: any.
final class GrpcHealth {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int ACK = 0x1;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int SERVING = 1;

  private final World world;

  @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
  private record Frame(int type, int flags, int stream, byte[] payload) {}

  GrpcHealth(World world) {
    this.world = world;
  }

  /// @param service the service that is meant; empty for the server as a whole
  Answer ask(String host, int port, String service, Duration limit) {
    String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    long end = world.nanoTime() + limit.toNanos();
    try (Socket socket = new Socket()) {
      try {
        socket.connect(new InetSocketAddress(host, port), left(end));
      } catch (IOException _) {
        return Answer.failure(
            "timeout: failed to connect service \"%s\" within %s: context deadline exceeded"
                .formatted(address, GoDuration.text(limit)));
      }
      send(socket.getOutputStream(), address, service);
      return answer(socket, end);
    } catch (SocketTimeoutException _) {
      return Answer.failure(
          "timeout: health rpc did not complete within " + GoDuration.text(limit));
    } catch (IOException e) {
      return Answer.failure("error: health rpc probe failed: " + e.getMessage());
    }
  }

  private int left(long end) throws SocketTimeoutException {
    long millis = (end - world.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("timed out");
    }
    return (int) millis;
  }

  private static void send(OutputStream out, String address, String service) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(PREFACE);
    frame(request, SETTINGS, 0, 0, new byte[0]);
    frame(request, HEADERS, END_HEADERS, 1, headers(address));
    frame(request, DATA, END_STREAM, 1, message(service));
    out.write(request.toByteArray());
    out.flush();
  }

  /// The header block: two entries of the static table, and literals that are not to be indexed.
  private static byte[] headers(String address) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method: POST
    block.write(0x86); // :scheme: http
    literal(block, ":path", "/grpc.health.v1.Health/Check");
    literal(block, ":authority", address);
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    literal(block, "user-agent", "kube-probe/1.36");
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    block.write(bytes.length); // always less than 127, where longer forms would begin
    block.writeBytes(bytes);
  }

  /// A `HealthCheckRequest`, with the length that gRPC puts before a message.
  private static byte[] message(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (name.length > 0) {
      message.write(1 << 3 | 2);
      int length = name.length;
      while (length > 0x7f) {
        message.write(length & 0x7f | 0x80);
        length >>>= 7;
      }
      message.write(length);
      message.writeBytes(name);
    }
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    framed.write(0);
    int size = message.size();
    framed.writeBytes(
        new byte[] {(byte) (size >> 24), (byte) (size >> 16), (byte) (size >> 8), (byte) size});
    framed.writeBytes(message.toByteArray());
    return framed.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    int length = payload.length;
    out.writeBytes(new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length});
    out.write(type);
    out.write(flags);
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
  }

  private Answer answer(Socket socket, long end) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    while (true) {
      socket.setSoTimeout(left(end));
      Frame frame = read(in);
      switch (frame.type) {
        case SETTINGS, PING -> acknowledge(socket, frame);
        case DATA -> data.writeBytes(unpadded(frame));
        case RESET, GO_AWAY -> {
          return Answer.failure("error: health rpc probe failed: the server ended the connection");
        }
        default -> {
          // Headers, whose content does not matter, and what may be skipped.
        }
      }
      boolean carries = frame.type == DATA || frame.type == HEADERS;
      if (carries && frame.stream == 1 && (frame.flags & END_STREAM) != 0) {
        return verdict(data.toByteArray());
      }
    }
  }

  private static Frame read(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    return new Frame(type, flags, stream, in.readNBytes(length));
  }

  private static void acknowledge(Socket socket, Frame frame) throws IOException {
    if ((frame.flags & ACK) == 0) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      frame(answer, frame.type, ACK, 0, frame.type == PING ? frame.payload : new byte[0]);
      socket.getOutputStream().write(answer.toByteArray());
    }
  }

  private static byte[] unpadded(Frame frame) {
    if ((frame.flags & PADDED) == 0) {
      return frame.payload;
    }
    int padding = frame.payload[0] & 0xff;
    return Arrays.copyOfRange(frame.payload, 1, frame.payload.length - padding);
  }

  /// Reads a `HealthCheckResponse`: one number, or none for the unknown status.
  private static Answer verdict(byte[] data) {
    if (data.length < 5) {
      return Answer.failure(
          "error: this server does not implement the grpc health protocol"
              + " (grpc.health.v1.Health), or does not know the service");
    }
    int status = data.length >= 7 && data[5] == 1 << 3 ? data[6] : 0;
    if (status == SERVING) {
      return Answer.success("service healthy");
    }
    String word =
        switch (status) {
          case 2 -> "NOT_SERVING";
          case 3 -> "SERVICE_UNKNOWN";
          default -> "UNKNOWN";
        };
    return Answer.failure("service unhealthy (responded with \"" + word + "\")");
  }
}
