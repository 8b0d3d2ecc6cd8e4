package dev.tiphys.storage.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// How full a file system is.
///
/// @param bytes its room
/// @param inodes how many files it can have
@SuppressWarnings("restricted")
public record Usage(Amount bytes, Amount inodes) {

  /// @param free what is not used
  /// @param available what programs without privileges may still use
  public record Amount(long total, long free, long available) {}

  /// `struct statvfs` of 64-bit Linux is 112 bytes; nothing is read beyond them.
  private static final int BUFFER = 256;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle STATVFS =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("statvfs"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

  /// @throws IOException if it can't be looked at
  public static Usage of(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = arena.allocate(BUFFER, Long.BYTES);
      int result = (int) STATVFS.invokeExact(arena.allocateFrom(path.toString()), told);
      if (result != 0) {
        throw new IOException("cannot see how full " + path + " is");
      }
      long block = number(told, 1);
      return new Usage(
          new Amount(number(told, 2) * block, number(told, 3) * block, number(told, 4) * block),
          new Amount(number(told, 5), number(told, 6), number(told, 7)));
    } catch (RuntimeException | Error | IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }

  private static long number(MemorySegment struct, int index) {
    return struct.get(ValueLayout.JAVA_LONG, (long) index * Long.BYTES);
  }
}
