package dev.tiphys.network.dns.server;

import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Listens on one port for queries by datagram and by stream.
///
/// Threads: any.
public final class DnsServer implements AutoCloseable {

  private static final int ATTEMPTS = 20;

  private final Streams streams;
  private final Datagrams datagrams;

  private DnsServer(Streams streams, Datagrams datagrams) {
    this.streams = streams;
    this.datagrams = datagrams;
  }

  /// Begins to listen: queries are answered from [#start] on.
  ///
  /// @param port the one that is wanted; another one is taken if it is not free; 0 for any
  /// @param threads how many answer datagrams
  /// @throws IOException if there is no free port
  public static DnsServer listen(
      World world,
      InetAddress address,
      int port,
      int threads,
      Responder responder,
      Exchanges exchanges)
      throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int wanted = attempt == 0 ? port : 0;
      try {
        return listenOn(
            world, new InetSocketAddress(address, wanted), threads, responder, exchanges);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IOException("no port of " + address.getHostAddress() + " is free for DNS", last);
  }

  private static DnsServer listenOn(
      World world, InetSocketAddress address, int threads, Responder responder, Exchanges exchanges)
      throws IOException {
    Streams streams = new Streams(world, address, responder, exchanges);
    try {
      InetSocketAddress same = new InetSocketAddress(address.getAddress(), streams.port());
      return new DnsServer(streams, new Datagrams(world, same, threads, responder, exchanges));
    } catch (IOException e) {
      streams.close();
      throw e;
    }
  }

  public void start() {
    streams.start();
    datagrams.start();
  }

  public int port() {
    return streams.port();
  }

  @Override
  public void close() {
    datagrams.close();
    streams.close();
  }
}
