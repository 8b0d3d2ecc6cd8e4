package dev.tiphys.network.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A netlink socket, opened by a [Namespace]: what is asked of the kernel's network tables goes
/// through it, and the answers come back (RFC 3549).
///
/// The kernel works on what is sent before the call returns, so no answer is waited for. Needs the
/// capability `CAP_NET_ADMIN`.
///
/// Threads: any, one exchange at a time.
public final class NetlinkSocket implements AutoCloseable {

  /// Links, addresses, routes, neighbours.
  public static final int ROUTE = 0;

  /// nftables and conntrack.
  public static final int NETFILTER = 12;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SEND_BUFFER_FORCE = 32;
  private static final int SO_RECEIVE_BUFFER_FORCE = 33;
  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXTENDED_ACK = 11;
  private static final int DO_NOT_WAIT = 0x40;

  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int FLAG_HAS_ATTRIBUTES = 0x200;
  private static final int ATTRIBUTE_TEXT = 1;

  private static final int RECEIVED = 128 * 1024;

  private final int socket;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment received = arena.allocate(RECEIVED, 8);
  private int sendBuffer;
  private int sequence = 1;
  private boolean closed;

  NetlinkSocket(int socket) {
    this.socket = socket;
    Libc.setOption(socket, SOL_NETLINK, CAP_ACK, 1);
    Libc.setOption(socket, SOL_NETLINK, EXTENDED_ACK, 1);
    Libc.setOption(socket, SOL_SOCKET, SO_RECEIVE_BUFFER_FORCE, 4 << 20);
  }

  /// What is said of each object that was asked for.
  @FunctionalInterface
  public interface Reader {

    /// @param type the type of the message
    /// @param body what follows its header, in the machine's order; valid during the call
    void read(int type, ByteBuffer body);
  }

  static int newSocket(int protocol) {
    return Libc.socket(AF_NETLINK, SOCK_RAW | CLOSE_ON_EXEC, protocol);
  }

  /// Sends messages in one datagram, which for nftables is one transaction.
  ///
  /// @throws NetlinkException if any of them is refused: the first of those
  public void send(Messages messages) throws NetlinkException {
    send(messages, (_, _) -> {});
  }

  /// Sends messages and reads what is answered, to its end.
  ///
  /// @throws NetlinkException if any of them is refused: the first of those; what was answered
  ///   before has been read
  public synchronized void send(Messages messages, Reader reader) throws NetlinkException {
    if (closed) {
      throw new IllegalStateException("the socket is closed");
    }
    int first = sequence;
    sequence += messages.count();
    discard();
    write(messages.finish(first));
    NetlinkException refusal = null;
    while (true) {
      int length = receive();
      if (length == 0) {
        break;
      }
      ByteBuffer answers =
          received.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
      while (answers.remaining() >= Messages.HEADER) {
        NetlinkException refused = readOne(answers, first, reader);
        refusal = refusal == null ? refused : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private void discard() {
    while (Libc.receive(socket, received, DO_NOT_WAIT) > 0) {
      // An answer to what was sent before, which nothing waits for any more.
    }
  }

  private void write(ByteBuffer bytes) throws NetlinkException {
    int size = bytes.remaining();
    if (size > sendBuffer) {
      sendBuffer = Math.max(size + size / 2, 256 * 1024);
      Libc.setOption(socket, SOL_SOCKET, SO_SEND_BUFFER_FORCE, sendBuffer);
    }
    try (Arena once = Arena.ofConfined()) {
      MemorySegment copy = once.allocate(size, 8);
      copy.copyFrom(MemorySegment.ofBuffer(bytes));
      retried(() -> (int) Libc.send(socket, copy));
    }
  }

  /// How many bytes were received; 0 if there is nothing more.
  private int receive() throws NetlinkException {
    int length = retried(() -> (int) Libc.receive(socket, received, DO_NOT_WAIT));
    return Math.max(length, 0);
  }

  private static int retried(IntSupplier call) throws NetlinkException {
    while (true) {
      int result = call.getAsInt();
      if (result >= 0 || result == -Libc.AGAIN) {
        return result;
      }
      if (result != -Libc.INTERRUPTED) {
        throw new NetlinkException(-result, -1, "the kernel cannot be asked");
      }
    }
  }

  private static @Nullable NetlinkException readOne(ByteBuffer answers, int first, Reader reader) {
    int start = answers.position();
    int length = answers.getInt(start);
    int type = answers.getShort(start + 4) & 0xffff;
    int flags = answers.getShort(start + 6) & 0xffff;
    int number = answers.getInt(start + 8) - first;
    ByteBuffer body =
        answers
            .slice(start + Messages.HEADER, length - Messages.HEADER)
            .order(ByteOrder.nativeOrder());
    answers.position(Math.min(answers.limit(), start + ((length + 3) & ~3)));
    if (type == ERROR) {
      int error = -body.getInt(0);
      return error == 0 ? null : new NetlinkException(error, number, reason(body, flags));
    }
    if (type != DONE) {
      reader.read(type, body);
    }
    return null;
  }

  private static String reason(ByteBuffer body, int flags) {
    int fixed = 4 + Messages.HEADER;
    if ((flags & FLAG_HAS_ATTRIBUTES) != 0 && body.remaining() > fixed) {
      String text = new Attributes(body.position(fixed)).text(ATTRIBUTE_TEXT);
      if (!text.isEmpty()) {
        return "the kernel refuses (" + text + ")";
      }
    }
    return "the kernel refuses";
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(socket);
      arena.close();
    }
  }
}
