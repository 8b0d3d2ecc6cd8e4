package dev.tiphys.network.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;

/// The calls of the C library that netlink sockets are made of. Each returns what the call returns,
/// or the negated error number if it failed.
@SuppressWarnings("restricted")
final class Libc {

  static final int INTERRUPTED = 4;
  static final int AGAIN = 11;
  static final int NO_BUFFERS = 105;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = call("socket", INT, INT, INT, INT);
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private static final MethodHandle SEND = call("send", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle SENDTO =
      call("sendto", LONG, INT, POINTER, LONG, INT, POINTER, INT);
  private static final MethodHandle RECV = call("recv", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle OPEN = call("open", INT, POINTER, INT);
  private static final MethodHandle SETNS = call("setns", INT, INT, INT);
  private static final MethodHandle CLOSE = call("close", INT, INT);

  private Libc() {}

  static int socket(int domain, int type, int protocol) {
    return (int) result(state -> (int) SOCKET.invokeExact(state, domain, type, protocol));
  }

  /// Sets an option whose value is a number.
  static int setOption(int socket, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocateFrom(INT, value);
      return (int)
          result(
              state ->
                  (int)
                      SETSOCKOPT.invokeExact(
                          state, socket, level, option, number, (int) INT.byteSize()));
    }
  }

  static long send(int socket, MemorySegment bytes) {
    return result(state -> (long) SEND.invokeExact(state, socket, bytes, bytes.byteSize(), 0));
  }

  static long sendTo(int socket, MemorySegment bytes, MemorySegment address) {
    return result(
        state ->
            (long)
                SENDTO.invokeExact(
                    state, socket, bytes, bytes.byteSize(), 0, address, (int) address.byteSize()));
  }

  static long receive(int socket, MemorySegment into, int flags) {
    return result(state -> (long) RECV.invokeExact(state, socket, into, into.byteSize(), flags));
  }

  static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) result(state -> (int) OPEN.invokeExact(state, name, flags));
    }
  }

  /// Moves the calling thread into the namespace that an open file stands for.
  static int setNamespace(int file, int kind) {
    return (int) result(state -> (int) SETNS.invokeExact(state, file, kind));
  }

  static void close(int file) {
    result(state -> (int) CLOSE.invokeExact(state, file));
  }

  @FunctionalInterface
  private interface Call {
    long invoke(MemorySegment state) throws Throwable;
  }

  private static long result(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = call.invoke(state);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /// The names of error numbers that netlink answers with.
  static String nameOf(int error) {
    return NAMES.stream()
        .filter(name -> name.number() == error)
        .map(Name::text)
        .findFirst()
        .orElseGet(() -> "error " + error);
  }

  private record Name(int number, String text) {}

  private static final List<Name> NAMES =
      List.of(
          new Name(1, "operation not permitted"),
          new Name(2, "no such object"),
          new Name(INTERRUPTED, "interrupted"),
          new Name(AGAIN, "no answer"),
          new Name(12, "out of memory"),
          new Name(13, "permission denied"),
          new Name(16, "still in use"),
          new Name(17, "exists already"),
          new Name(19, "no such device"),
          new Name(22, "invalid argument"),
          new Name(24, "too many open files"),
          new Name(28, "no space left"),
          new Name(34, "out of range"),
          new Name(90, "message too long"),
          new Name(93, "protocol not supported"),
          new Name(95, "not supported by this kernel"),
          new Name(97, "address family not supported"),
          new Name(99, "address not available"),
          new Name(101, "network unreachable"),
          new Name(NO_BUFFERS, "no buffer space"));
}
