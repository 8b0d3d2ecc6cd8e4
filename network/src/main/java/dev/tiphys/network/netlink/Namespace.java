package dev.tiphys.network.netlink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A network namespace: which machine's network is meant.
///
/// @param file of the one that is meant; null for that of this process
public record Namespace(@Nullable Path file) {
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NEW_NETWORK = 0x40000000;

  /// That of this process.
  public static final Namespace OWN = new Namespace(null);

  /// One that another process made.
  ///
  /// @param file as `/run/netns/blue`
  public static Namespace at(Path file) {
    return new Namespace(file);
  }

  /// Opens a netlink socket there, which belongs to it from then on.
  ///
  /// @param protocol [NetlinkSocket#ROUTE] or [NetlinkSocket#NETFILTER]
  public NetlinkSocket open(int protocol) throws IOException {
    return new NetlinkSocket(inside(() -> NetlinkSocket.newSocket(protocol)));
  }

  /// Opens a socket for whole frames there, which belongs to it from then on.
  public PacketSocket openForFrames() throws IOException {
    return new PacketSocket(inside(PacketSocket::newSocket));
  }

  /// @param open opens something there and returns its number, or a negated error number
  private int inside(IntSupplier open) throws IOException {
    int opened = file == null ? open.getAsInt() : elsewhere(file, open);
    if (opened < 0) {
      throw new NetlinkException(-opened, -1, "no socket to the network can be opened");
    }
    return opened;
  }

  /// A thread cannot go back into a namespace whose file is gone; one that goes there ends instead.
  private static int elsewhere(Path file, IntSupplier open) throws IOException {
    AtomicInteger opened = new AtomicInteger();
    Thread thread = Thread.ofPlatform().start(() -> opened.set(enter(file, open)));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while entering " + file, e);
    }
    return opened.get();
  }

  private static int enter(Path file, IntSupplier open) {
    int namespace = Libc.open(file.toString(), CLOSE_ON_EXEC);
    if (namespace < 0) {
      return namespace;
    }
    int moved = Libc.setNamespace(namespace, NEW_NETWORK);
    Libc.close(namespace);
    return moved < 0 ? moved : open.getAsInt();
  }
}
