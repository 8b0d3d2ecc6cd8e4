package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Reply;
import dev.tiphys.world.World;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Another name server.
///
/// Each question has a socket of its own, connected to the server, whose port the kernel draws, and
/// an id that is drawn too: what does not fit all of that is taken for a forgery and passed over.
///
/// Threads: any.
final class Upstream {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// A server that fails is asked again only after the others, for so long.
  private static final Duration REST = Duration.ofSeconds(5);

  private static final int FAILURES = 2;
  private static final int LARGEST_REPLY = 4096;

  /// After so many forgeries the server is asked by a stream, where there can be none.
  private static final int FORGERIES = 8;

  private final World world;
  private final InetSocketAddress address;
  private final boolean onlyStreams;
  private int failures; // guarded by this
  private long rests; // guarded by this

  Upstream(World world, InetSocketAddress address, boolean onlyStreams) {
    this.world = world;
    this.address = address;
    this.onlyStreams = onlyStreams;
  }

  InetSocketAddress address() {
    return address;
  }

  /// Whether it has answered lately, or was not asked.
  synchronized boolean isHealthy() {
    return failures < FAILURES || world.nanoTime() - rests > 0;
  }

  private synchronized void succeeded() {
    failures = 0;
  }

  private synchronized void failed() {
    failures++;
    rests = world.nanoTime() + REST.toNanos();
  }

  /// Asks.
  ///
  /// @throws IOException if there is no answer in time
  Reply ask(Asked asked) throws IOException {
    try {
      Reply reply = onlyStreams ? null : byDatagram(asked);
      if (reply == null || reply.truncated()) {
        reply = byStream(asked);
      }
      succeeded();
      return reply;
    } catch (IOException e) {
      failed();
      throw e;
    }
  }

  private int newId() {
    return world.random().nextInt(1 << 16);
  }

  private static ByteBuffer message(int id, Asked asked) {
    return Reply.ask(id, asked.name(), asked.type(), asked.dnssec(), asked.checkingDisabled());
  }

  private static @Nullable Reply read(ByteBuffer in, int id, Asked asked) {
    return Reply.read(in, id, asked.name(), asked.type());
  }

  /// Null if a stream is better.
  private @Nullable Reply byDatagram(Asked asked) throws IOException {
    int id = newId();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      ByteBuffer message = message(id, asked);
      socket.send(new DatagramPacket(message.array(), message.limit()));
      long end = world.nanoTime() + PATIENCE.toNanos();
      DatagramPacket packet = new DatagramPacket(new byte[LARGEST_REPLY], LARGEST_REPLY);
      for (int forgeries = 0; forgeries < FORGERIES; forgeries++) {
        long left = Duration.ofNanos(end - world.nanoTime()).toMillis();
        if (left <= 0) {
          throw new SocketTimeoutException("no answer from " + address);
        }
        socket.setSoTimeout((int) left);
        socket.receive(packet);
        Reply reply = read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), id, asked);
        if (reply != null) {
          return reply;
        }
        packet.setLength(LARGEST_REPLY);
      }
      return null;
    } catch (RuntimeException e) {
      throw new IOException("cannot ask " + address, e); // connect has no other words for it
    }
  }

  private Reply byStream(Asked asked) throws IOException {
    int id = newId();
    try (Socket socket = new Socket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(address, (int) PATIENCE.toMillis());
      ByteBuffer message = message(id, asked);
      ByteBuffer framed = ByteBuffer.allocate(2 + message.limit());
      framed.putShort((short) message.limit()).put(message);
      OutputStream out = socket.getOutputStream();
      out.write(framed.array());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] bytes = new byte[in.readUnsignedShort()];
      in.readFully(bytes);
      Reply reply = read(ByteBuffer.wrap(bytes), id, asked);
      if (reply == null || reply.truncated()) {
        throw new IOException("no answer to the question from " + address);
      }
      return reply;
    }
  }
}
