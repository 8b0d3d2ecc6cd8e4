package dev.tiphys.storage.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// How much of the disk a file takes: less than its size if it has holes.
@SuppressWarnings("restricted")
public final class Blocks {

  private static final int CURRENT_DIRECTORY = -100;
  private static final int OF_BLOCKS = 0x400;
  private static final int BLOCKS_AT = 48;
  private static final int BUFFER = 256;
  private static final long BLOCK = 512;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle STATX =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("statx"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS));

  private Blocks() {}

  /// The bytes that a file takes; 0 if it can't be looked at, as when it is gone.
  public static long of(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = arena.allocate(BUFFER, Long.BYTES);
      int result =
          (int)
              STATX.invokeExact(
                  CURRENT_DIRECTORY, arena.allocateFrom(file.toString()), 0, OF_BLOCKS, told);
      return result < 0 ? 0 : told.get(ValueLayout.JAVA_LONG, BLOCKS_AT) * BLOCK;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
