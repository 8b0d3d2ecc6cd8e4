package dev.tiphys.network.dns.server;

import dev.tiphys.network.dns.message.AnswerWriter;
import dev.tiphys.network.dns.message.Query;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.server.Responder.Answered;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/// Answers queries that come by datagram.
///
/// Each of a few threads has a socket of its own on the same port, among which the kernel spreads
/// the clients, and answers one query after the other. Those that come too fast are dropped by the
/// kernel.
///
/// Threads: any.
final class Datagrams implements AutoCloseable {

  private static final int LARGEST_QUERY = 4096;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final World world;
  private final Responder responder;
  private final Exchanges exchanges;
  private final int family;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final List<SupervisedTask> tasks = new ArrayList<>();

  /// Begins to listen.
  ///
  /// @param address with the port, on which no other program may listen for streams: that keeps
  ///   others from sharing the port by mistake
  /// @throws IOException if the port cannot be had
  Datagrams(
      World world, InetSocketAddress address, int threads, Responder responder, Exchanges exchanges)
      throws IOException {
    this.world = world;
    this.responder = responder;
    this.exchanges = exchanges;
    this.family = address.getAddress() instanceof Inet4Address ? 1 : 2;
    try {
      for (int i = 0; i < threads; i++) {
        DatagramChannel channel =
            DatagramChannel.open(
                family == 1 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        channel.bind(address);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  void start() {
    for (DatagramChannel channel : channels) {
      tasks.add(world.supervisor().startThread("dns-udp", OnFailure.RESTART, () -> serve(channel)));
    }
  }

  private void serve(DatagramChannel channel) {
    ByteBuffer in = ByteBuffer.allocateDirect(LARGEST_QUERY);
    AnswerWriter writer = AnswerWriter.ofDatagrams();
    while (channel.isOpen()) {
      try {
        in.clear();
        if (channel.receive(in) instanceof InetSocketAddress client) {
          answer(channel, client, in.flip(), writer);
        }
      } catch (ClosedChannelException e) {
        return; // it is closed
      } catch (IOException e) {
        // Of one client only: it cannot be reached.
      } catch (RuntimeException e) {
        exchanges.failed(e);
      }
    }
  }

  private void answer(
      DatagramChannel channel, InetSocketAddress client, ByteBuffer in, AnswerWriter writer)
      throws IOException {
    long begin = world.nanoTime();
    int querySize = in.remaining();
    Query query = Query.read(in);
    if (query == null) {
      return;
    }
    Answered answered =
        query.fault() == Rcode.NOERROR
            ? responder.answer(
                query,
                client.getAddress(),
                each -> later(channel, client, query, querySize, each, begin))
            : new Answered(Exchanges.fault(query), 0);
    if (answered != null) {
      send(channel, client, query, querySize, answered, writer, begin);
    }
  }

  private void send(
      DatagramChannel channel,
      InetSocketAddress client,
      Query query,
      int querySize,
      Answered answered,
      AnswerWriter writer,
      long begin)
      throws IOException {
    ByteBuffer out = writer.write(query, answered.answer(), query.datagramLimit(), answered.age());
    int size = out.remaining();
    channel.send(out, client);
    exchanges.answered(
        false, family, query, answered.answer(), querySize, size, world.nanoTime() - begin);
  }

  private void later(
      DatagramChannel channel,
      InetSocketAddress client,
      Query query,
      int querySize,
      Answered answered,
      long begin) {
    try {
      send(channel, client, query, querySize, answered, AnswerWriter.ofOneDatagram(), begin);
    } catch (IOException e) {
      // The client cannot be reached any more, or the server has ended.
    }
  }

  @Override
  public void close() {
    for (DatagramChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // There is nothing more to be done about it.
      }
    }
    SupervisedTask.closeAll(tasks);
  }
}
