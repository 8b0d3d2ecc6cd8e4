package dev.tiphys.node.host;

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
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Mounts a part of a directory that others write to meanwhile.
///
/// A path could be changed between the look at it and its use, so none is used twice: the kernel
/// opens the part, and refuses to leave the directory on the way (`openat2`, `RESOLVE_BENEATH`);
/// what is mounted is what is open.
@SuppressWarnings("restricted")
public final class BeneathMount {
  private static final long OPENAT2 = 437; // on every architecture
  private static final int NOT_THERE = 2;
  private static final int EXISTS = 17;
  private static final int LEAVES = 18;
  private static final long PATH_ONLY = 0x200000 | 0x80000;
  private static final long BENEATH = 0x08 | 0x02;
  private static final long BIND = 4096;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(LONG, LONG, LONG, POINTER, POINTER, LONG),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle OPEN = call("open", INT, POINTER, INT);
  private static final MethodHandle CLOSE = call("close", INT, INT);
  private static final MethodHandle MKDIRAT = call("mkdirat", INT, INT, POINTER, INT);
  private static final MethodHandle MOUNT =
      call("mount", INT, POINTER, POINTER, POINTER, LONG, POINTER);

  private BeneathMount() {}

  /// Mounts a part of a directory at a place, which is made. Directories of the part that are
  /// missing are made as well, with the mode of `top`.
  ///
  /// @param part relative, and without `..`
  /// @throws IOException if the part leads out of `top`, or can't be mounted
  public static void bind(Path top, Path part, Path place) throws IOException {
    int directory = opened(top);
    try {
      int open = walk(directory, top, part);
      try {
        Path source = Path.of("/proc/self/fd/" + open);
        if (Files.isDirectory(source)) {
          Files.createDirectories(place);
        } else if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(place.resolveSibling(""));
          Files.createFile(place);
        }
        mount(source, place);
      } finally {
        close(open);
      }
    } finally {
      close(directory);
    }
  }

  private static int walk(int top, Path directory, Path part) throws IOException {
    int parent = -1;
    Path way = Path.of("");
    for (Path step : part) {
      way = way.resolve(step);
      int next = open(top, way.toString());
      if (next == -NOT_THERE) {
        make(parent < 0 ? top : parent, step.toString(), directory);
        next = open(top, way.toString());
      }
      if (parent >= 0) {
        close(parent);
      }
      if (next < 0) {
        throw new IOException(
            next == -LEAVES ? part + " leads out of its volume" : failed("open " + way, next));
      }
      parent = next;
    }
    if (parent < 0) {
      throw new IOException("no part of " + directory);
    }
    return parent;
  }

  private static void make(int parent, String name, Path like) throws IOException {
    int mode = (int) Files.getAttribute(like, "unix:mode") & 07777;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      long result = result(state -> (int) MKDIRAT.invokeExact(state, parent, text, mode));
      if (result < 0 && result != -EXISTS) {
        throw new IOException(failed("make " + name, result));
      }
      if (result == 0) {
        // What this process masks of the mode is put back.
        Path made = Path.of("/proc/self/fd/" + parent, name);
        Files.setAttribute(made, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static int opened(Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(directory.toString());
      long file = result(state -> (int) OPEN.invokeExact(state, name, (int) PATH_ONLY));
      if (file < 0) {
        throw new IOException(failed("open " + directory, file));
      }
      return (int) file;
    }
  }

  private static int open(int top, String way) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(way);
      MemorySegment how = arena.allocateFrom(LONG, PATH_ONLY, 0L, BENEATH);
      long size = how.byteSize();
      return (int)
          result(state -> (long) SYSCALL.invokeExact(state, OPENAT2, (long) top, name, how, size));
    }
  }

  private static void mount(Path source, Path place) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(source.toString());
      MemorySegment to = arena.allocateFrom(place.toString());
      MemorySegment none = MemorySegment.NULL;
      long result = result(state -> (int) MOUNT.invokeExact(state, from, to, none, BIND, none));
      if (result < 0) {
        throw new IOException(failed("mount at " + place, result));
      }
    }
  }

  private static void close(int file) {
    long _ = result(state -> (int) CLOSE.invokeExact(state, file));
  }

  private static String failed(String what, long error) {
    return "cannot " + what + ": error " + -error;
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
}
