package dev.tiphys.network.dns.server;

import dev.tiphys.network.dns.message.AnswerWriter;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.server.Responder.Answered;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Answers queries that come by stream (RFC 7766), on a virtual thread for each connection.
///
/// Bounded: connections as a whole and of one client, and the time that a client may keep one
/// without a word, or without reading.
///
/// Threads: any.
final class Streams implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final int MOST_CONNECTIONS = 512;
  private static final int MOST_OF_A_CLIENT = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private final World world;
  private final Responder responder;
  private final Exchanges exchanges;
  private final ServerSocket listener;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, Integer> clients = new ConcurrentHashMap<>();
  private final SupervisedTask task;

  /// Begins to listen.
  ///
  /// @param address port 0 for any that is free
  /// @throws IOException if it cannot be had
  Streams(World world, InetSocketAddress address, Responder responder, Exchanges exchanges)
      throws IOException {
    this.world = world;
    this.responder = responder;
    this.exchanges = exchanges;
    this.listener = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
    this.task = world.supervisor().task("dns-tcp", OnFailure.RESTART);
  }

  int port() {
    return listener.getLocalPort();
  }

  void start() {
    task.start(this::accept);
  }

  private void accept() throws InterruptedException {
    while (!listener.isClosed()) {
      try {
        admit(listener.accept());
      } catch (IOException e) {
        if (!listener.isClosed()) {
          world.background().sleep(Duration.ofMillis(100)); // no file left for a socket
        }
      }
    }
  }

  private void admit(Socket socket) throws IOException {
    InetAddress client = socket.getInetAddress();
    int ofClient = clients.merge(client, 1, Integer::sum);
    if (connections.size() >= MOST_CONNECTIONS || ofClient > MOST_OF_A_CLIENT) {
      leave(client);
      socket.close();
      return;
    }
    connections.add(socket);
    world.background().start("dns-tcp-connection", () -> serve(socket, client));
  }

  private void leave(InetAddress client) {
    clients.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }

  private void serve(Socket socket, InetAddress client) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int family = client instanceof Inet4Address ? 1 : 2;
      AnswerWriter writer = AnswerWriter.ofStreams();
      while (true) {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        long begin = world.nanoTime();
        Query query = Query.read(ByteBuffer.wrap(message));
        if (query == null) {
          return; // no DNS is spoken here
        }
        Answered answered = await(query, client);
        ByteBuffer out =
            writer.write(query, answered.answer(), AnswerWriter.LARGEST_MESSAGE, answered.age());
        int size = out.remaining();
        send(socket, out);
        exchanges.answered(
            true, family, query, answered.answer(), message.length, size, world.nanoTime() - begin);
      }
    } catch (IOException | InterruptedException e) {
      // The client has left or is to leave.
    } catch (RuntimeException e) {
      exchanges.failed(e);
    } finally {
      connections.remove(socket);
      leave(client);
    }
  }

  private Answered await(Query query, InetAddress client) throws InterruptedException {
    if (query.fault() != Rcode.NOERROR) {
      return new Answered(Exchanges.fault(query), 0);
    }
    Gate gate = world.background().gate();
    AtomicReference<Answered> late = new AtomicReference<>();
    Answered answered =
        responder.answer(
            query,
            client,
            each -> {
              late.set(each);
              gate.open();
            });
    if (answered != null) {
      return answered;
    }
    gate.await(LONGEST_ANSWER);
    Answered given = late.get();
    return given == null ? new Answered(Exchanges.fault(query), 0) : given;
  }

  /// Sends a message behind its length. A client that does not read it is let go.
  private void send(Socket socket, ByteBuffer message) throws IOException {
    byte[] framed = new byte[2 + message.remaining()];
    framed[0] = (byte) (message.remaining() >> 8);
    framed[1] = (byte) message.remaining();
    message.get(framed, 2, framed.length - 2);
    Timer limit = world.background().schedule(PATIENCE, () -> closeQuietly(socket));
    try {
      OutputStream out = socket.getOutputStream();
      out.write(framed);
      out.flush();
    } finally {
      limit.cancel();
    }
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      // There is nothing more to be done about it.
    }
  }

  @Override
  public void close() {
    closeQuietly(listener);
    connections.forEach(Streams::closeQuietly);
    task.close();
  }
}
