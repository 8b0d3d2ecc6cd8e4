package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A client that speaks HTTP/2 frame by frame.
final class Frames implements AutoCloseable {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private static final int ACKNOWLEDGED = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int LARGEST = 16 << 10;

  private final Socket plain;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
  private final Map<Integer, Answer> answers = new HashMap<>();
  private int heads;
  private boolean ponged;

  /// What came on one stream so far.
  static final class Answer {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private String status = "";
    private boolean ended;
    private int reset = -1;
    private int windowUpdates;

    String status() {
      return status;
    }

    String text() {
      return content.toString(UTF_8);
    }

    ByteArrayOutputStream content() {
      return content;
    }
  }

  private Frames(Socket plain, SSLSocket socket) throws IOException {
    this.plain = plain;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(socket.getOutputStream());
  }

  static Frames to(int port, SSLContext trust) throws IOException, Http2Exception {
    Socket plain = new Socket("localhost", port);
    plain.setSoTimeout(60_000);
    SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(plain, "localhost", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    Frames frames = new Frames(plain, socket);
    frames.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frames.write(SETTINGS, 0, 0, new byte[0]);
    frames.ping();
    frames.ping(); // now it knows that we know its settings
    return frames;
  }

  private void write(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  void headers(int stream, Http2Headers headers, boolean last) throws IOException, Http2Exception {
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(stream, headers, block);
    byte[] bytes = ByteBufUtil.getBytes(block);
    int at = 0;
    do {
      int length = Math.min(LARGEST, bytes.length - at);
      boolean whole = at + length == bytes.length;
      int flags = (whole ? END_HEADERS : 0) | (last && at == 0 ? END_STREAM : 0);
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, at + length);
      write(at == 0 ? HEADERS : CONTINUATION, flags, stream, part);
      at += length;
    } while (at < bytes.length);
  }

  void data(int stream, byte[] data, boolean last) throws IOException {
    write(DATA, last ? END_STREAM : 0, stream, data);
  }

  /// Gives a stream up.
  void reset(int stream) throws IOException {
    write(RESET, 0, stream, new byte[4]);
  }

  /// Makes room for more on a stream, or on the connection.
  void open(int stream, int bytes) throws IOException {
    write(WINDOW_UPDATE, 0, stream, Unpooled.copyInt(bytes).array());
  }

  /// Waits until the server has looked at everything that was sent.
  void ping() throws IOException, Http2Exception {
    write(PING, 0, 0, new byte[8]);
    ponged = false;
    while (!ponged) {
      read();
    }
  }

  Answer awaitEnd(int stream) throws IOException, Http2Exception {
    while (!answer(stream).ended) {
      read();
    }
    return answer(stream);
  }

  /// The code that a stream was reset with.
  int awaitReset(int stream) throws IOException, Http2Exception {
    while (answer(stream).reset < 0) {
      read();
    }
    return answer(stream).reset;
  }

  /// Waits until so many answers have begun.
  void awaitHeaders(int count) throws IOException, Http2Exception {
    while (heads < count) {
      read();
    }
  }

  int windowUpdates(int stream) {
    return answer(stream).windowUpdates;
  }

  private Answer answer(int stream) {
    return answers.computeIfAbsent(stream, _ -> new Answer());
  }

  private void read() throws IOException, Http2Exception {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    Answer answer = answer(stream);
    switch (type) {
      case HEADERS -> {
        answer.status =
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload)).status().toString();
        answer.ended = (flags & END_STREAM) != 0;
        heads++;
      }
      case DATA -> {
        answer.content.write(payload);
        answer.ended |= (flags & END_STREAM) != 0;
      }
      case RESET -> answer.reset = Unpooled.wrappedBuffer(payload).readInt();
      case WINDOW_UPDATE -> answer.windowUpdates++;
      case SETTINGS -> {
        if ((flags & ACKNOWLEDGED) == 0) {
          write(SETTINGS, ACKNOWLEDGED, 0, new byte[0]);
        }
      }
      case PING -> ponged = true;
      default -> {}
    }
  }

  /// Resets the connection.
  void breakOff() throws IOException {
    plain.setSoLinger(true, 0);
    plain.close();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
