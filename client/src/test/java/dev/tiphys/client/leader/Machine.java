package dev.tiphys.client.leader;

import dev.tiphys.world.Gate;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.Task;
import dev.tiphys.world.Timer;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A machine with clocks of its own. It can be suspended: nothing goes on there then, and the clock
/// for spans stands still, as Linux's does.
final class Machine implements World {

  private final VirtualWorld world;
  private final double rate;
  private Duration wallOffset;
  private boolean suspended;
  private long suspendedAt;
  private long slept;
  private final List<Gate> resuming = new ArrayList<>();

  /// @param rate how fast its clocks are
  /// @param wallOffset by how much its wall clock is wrong
  Machine(VirtualWorld world, double rate, Duration wallOffset) {
    this.world = world;
    this.rate = rate;
    this.wallOffset = wallOffset;
  }

  void suspend() {
    if (!suspended) {
      suspended = true;
      suspendedAt = world.nanoTime();
    }
  }

  void resume() {
    if (suspended) {
      suspended = false;
      slept += world.nanoTime() - suspendedAt;
      resuming.forEach(Gate::open);
      resuming.clear();
    }
  }

  /// Its wall clock is corrected, which takes a machine that runs.
  void moveWallClock(Duration by) {
    if (!suspended) {
      wallOffset = wallOffset.plus(by);
    }
  }

  /// Waits while it is suspended. Being interrupted does not wake it up.
  void awaitRunning() {
    boolean interrupted = false;
    while (suspended) {
      Gate gate = world.background().gate();
      resuming.add(gate);
      try {
        gate.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Instant now() {
    return world.now().plus(wallOffset);
  }

  @Override
  public long nanoTime() {
    long now = suspended ? suspendedAt : world.nanoTime();
    return (long) ((now - slept) * rate);
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    world.background().sleep(span);
    awaitRunning();
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Task start(String name, Runnable body) {
    return world.start(
        name,
        () -> {
          awaitRunning();
          body.run();
        });
  }

  @Override
  public Task startThread(String name, Runnable body) {
    return start(name, body);
  }

  @Override
  public Supervisor supervisor() {
    return world.supervisor();
  }

  @Override
  public Gate gate() {
    Gate gate = world.background().gate();
    return new Gate() {
      @Override
      public void open() {
        gate.open();
      }

      @Override
      public void await() throws InterruptedException {
        gate.await();
        awaitRunning();
      }

      @Override
      public boolean await(Duration limit) throws InterruptedException {
        boolean passed = gate.await(limit);
        awaitRunning();
        return passed;
      }
    };
  }

  @Override
  public RandomGenerator random() {
    return world.random();
  }

  @Override
  public World background() {
    return this;
  }
}
