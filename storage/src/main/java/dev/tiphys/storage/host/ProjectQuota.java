package dev.tiphys.storage.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Quotas of the kernel for directories: files below one belong to a project, whose blocks are
/// counted and limited.
///
/// ext4 and XFS have them where they are mounted with `prjquota`.
@SuppressWarnings("restricted")
final class ProjectQuota {

  private static final int READ_ONLY_DIRECTORY = 0x10000;
  private static final long GET_ATTRIBUTES = 0x801c581fL;
  private static final long SET_ATTRIBUTES = 0x401c5820L;
  private static final int INHERIT = 0x200;
  private static final long QUOTACTL_FD = 443;
  private static final int SET_QUOTA_OF_PROJECT = (0x800008 << 8) | 2;
  private static final int BLOCK_LIMITS = 1;
  private static final long QUOTA_BLOCK = 1024;

  /// `struct fsxattr`: flags, …, at 12 the project.
  private static final int ATTRIBUTES_SIZE = 28;

  private static final int PROJECT_AT = 12;

  /// `struct if_dqblk`: at 0 the hard limit, at 8 the soft one, at 64 what is valid.
  private static final int QUOTA_SIZE = 72;

  private static final int VALID_AT = 64;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      call("open", ValueLayout.JAVA_INT, 2, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE =
      call("close", ValueLayout.JAVA_INT, 1, ValueLayout.JAVA_INT);
  private static final MethodHandle IOCTL =
      call(
          "ioctl",
          ValueLayout.JAVA_INT,
          2,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private static final MethodHandle SYSCALL =
      call(
          "syscall",
          ValueLayout.JAVA_LONG,
          1,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS);

  private ProjectQuota() {}

  /// Limits a directory. That the limit holds is seen by the size that the file system then tells
  /// of the directory.
  ///
  /// @throws IOException if the file system has no such quotas, or they do not hold
  static void limit(Path directory, int project, long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int file =
          (int)
              result(
                  state,
                  "open",
                  () ->
                      (int)
                          OPEN.invokeExact(
                              state,
                              arena.allocateFrom(directory.toString()),
                              READ_ONLY_DIRECTORY));
      try {
        MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE);
        result(
            state,
            "project of " + directory,
            () -> (int) IOCTL.invokeExact(state, file, GET_ATTRIBUTES, attributes));
        attributes.set(ValueLayout.JAVA_INT, 0, attributes.get(ValueLayout.JAVA_INT, 0) | INHERIT);
        attributes.set(ValueLayout.JAVA_INT, PROJECT_AT, project);
        result(
            state,
            "project of " + directory,
            () -> (int) IOCTL.invokeExact(state, file, SET_ATTRIBUTES, attributes));
        MemorySegment quota = arena.allocate(QUOTA_SIZE, Long.BYTES);
        quota.set(ValueLayout.JAVA_LONG, 0, bytes / QUOTA_BLOCK);
        quota.set(ValueLayout.JAVA_LONG, 8, bytes / QUOTA_BLOCK);
        quota.set(ValueLayout.JAVA_INT, VALID_AT, BLOCK_LIMITS);
        result(
            state,
            "quota of " + directory,
            () ->
                (long)
                    SYSCALL.invokeExact(
                        state, QUOTACTL_FD, file, SET_QUOTA_OF_PROJECT, project, quota));
      } finally {
        result(state, "close", () -> (int) CLOSE.invokeExact(state, file));
      }
    }
    long seen = Files.getFileStore(directory).getTotalSpace();
    if (Math.abs(seen - bytes) > 64 * QUOTA_BLOCK) {
      throw new IOException("quotas are not enforced for " + directory);
    }
  }

  @FunctionalInterface
  private interface Call {
    long invoke() throws Throwable;
  }

  private static long result(MemorySegment state, String what, Call call) throws IOException {
    long result;
    try {
      result = call.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
    if (result < 0) {
      throw new IOException(what + ": error " + (int) ERRNO.get(state, 0L));
    }
    return result;
  }

  /// @param fixed how many arguments are declared; the others are variable
  private static MethodHandle call(
      String name, MemoryLayout result, int fixed, MemoryLayout... arguments) {
    FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
    Linker.Option state = Linker.Option.captureCallState("errno");
    return fixed == arguments.length
        ? LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, state)
        : LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow(name),
            descriptor,
            state,
            Linker.Option.firstVariadicArg(fixed));
  }
}
