package dev.tiphys.network.router.log;

import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a line of each request that has ended to a file, off the event loops.
///
/// Bounded: when lines come faster than the disk takes them, those too many are left out, and a
/// line says how many. A file that is full becomes `FILE.1`, in the place of the one before.
///
/// Threads: any.
public final class AccessLog implements Observer, AutoCloseable {

  private static final int MOST_WAITING = 8192;
  private static final long FULL = 100L << 20;

  private final World world;
  private final Path file;
  private final long full;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong left = new AtomicLong();
  private final Gate gate;
  private final SupervisedTask task;

  /// @throws IOException if the file can't be written
  public static AccessLog to(World world, Path file) throws IOException {
    return new AccessLog(world, file, FULL);
  }

  /// @param full so many bytes a file has at most, but for what is written at once
  AccessLog(World world, Path file, long full) throws IOException {
    this.world = world;
    this.file = file;
    this.full = full;
    this.gate = world.background().gate();
    open().close();
    this.task = world.supervisor().task("access-log", OnFailure.RESTART);
    task.start(this::run);
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void ended(Served request) {
    if (!request.logged()) {
      return;
    }
    if (count.incrementAndGet() > MOST_WAITING) {
      count.decrementAndGet();
      left.incrementAndGet();
      return;
    }
    waiting.add(LogLine.of(request, world.now()));
    gate.open();
  }

  private void run() throws InterruptedException {
    while (true) {
      gate.await();
      write();
    }
  }

  private synchronized void write() {
    StringBuilder lines = new StringBuilder();
    for (String line = waiting.poll(); line != null; line = waiting.poll()) {
      count.decrementAndGet();
      lines.append(line);
    }
    long lost = left.getAndSet(0);
    if (lost > 0) {
      lines.append("# ").append(lost).append(" lines are left out\n");
    }
    if (lines.isEmpty()) {
      return;
    }
    try {
      if (Files.exists(file) && Files.size(file) >= full) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      try (OutputStream out = open()) {
        out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
      }
      task.problem("");
    } catch (IOException e) {
      task.problem("requests are not logged: " + e.getMessage());
    }
  }

  /// Writes what waits, and ends.
  @Override
  public void close() {
    task.close();
    write();
  }
}
