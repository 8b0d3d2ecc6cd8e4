package dev.tiphys.node.runtime;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A process that a [FakeShell] runs, on a world's time.
///
/// Threads: any.
final class FakeProcess implements FakeShell.Surroundings {

  private static final int KILLED = 137;

  /// Who sleeps this long waits for ever: such a process keeps no virtual world from being
  /// quiescent.
  private static final Duration FOREVER = Duration.ofHours(1);

  private final World world;
  private final BiConsumer<String, Boolean> output;
  private final Object lock = new Object();
  private final Gate signalled;
  private final List<Gate> waiting = new ArrayList<>();
  private boolean terminating;
  private @Nullable Integer killedWith;
  private boolean ended;
  private int exitCode;

  /// @param output takes lines, and whether they went to standard error
  FakeProcess(World world, BiConsumer<String, Boolean> output) {
    this.world = world;
    this.output = output;
    this.signalled = world.gate();
  }

  /// Runs a command. `onEnd` is told the exit code before anyone who waits goes on.
  void start(List<String> command, IntConsumer onEnd) {
    world.start(
        String.join(" ", command),
        () -> {
          try {
            int code = new FakeShell(this).run(command);
            end(code, onEnd);
          } catch (InterruptedException _) {
            end(KILLED, onEnd);
          }
        });
  }

  void terminate() {
    synchronized (lock) {
      terminating = true;
    }
    signalled.open();
  }

  void kill() {
    endWith(KILLED);
  }

  /// Makes it end with this code at once.
  void endWith(int code) {
    synchronized (lock) {
      killedWith = code;
    }
    signalled.open();
  }

  int exitCode() {
    synchronized (lock) {
      return exitCode;
    }
  }

  /// Waits for its end; with a limit, up to that long. Returns whether it has ended.
  boolean await(@Nullable Duration limit) throws InterruptedException {
    Gate gate = world.gate();
    synchronized (lock) {
      if (ended) {
        return true;
      }
      waiting.add(gate);
    }
    if (limit == null) {
      gate.await();
      return true;
    }
    return gate.await(limit);
  }

  @Override
  public void print(String line, boolean error) {
    output.accept(line, error);
  }

  @Override
  public void sleep(Duration span, @Nullable Integer trapCode) throws InterruptedException {
    World clock = span.compareTo(FOREVER) < 0 ? world : world.background();
    long end = world.nanoTime() + span.toNanos();
    while (true) {
      synchronized (lock) {
        if (killedWith != null) {
          throw new FakeShell.Ended(killedWith);
        }
        if (terminating && trapCode != null) {
          throw new FakeShell.Ended(trapCode);
        }
      }
      long left = end - world.nanoTime();
      if (left <= 0) {
        return;
      }
      Gate alarm = signalled;
      var timer = clock.schedule(Duration.ofNanos(left), alarm::open);
      try {
        alarm.await();
      } finally {
        timer.cancel();
      }
    }
  }

  private void end(int code, IntConsumer onEnd) {
    List<Gate> gates;
    synchronized (lock) {
      exitCode = code;
    }
    onEnd.accept(code);
    synchronized (lock) {
      ended = true;
      gates = List.copyOf(waiting);
    }
    gates.forEach(Gate::open);
  }
}
