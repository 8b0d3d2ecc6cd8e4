package dev.tiphys.apiserver;

import dev.tiphys.world.Gate;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Supervisor;
import dev.tiphys.world.Task;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// The real world with clocks that can be put forward, for what talks to real sockets and forgets
/// after a time.
final class ShiftedWorld implements World {

  private final World real = new RealWorld();
  private final AtomicLong ahead = new AtomicLong();

  void advance(Duration span) {
    ahead.addAndGet(span.toNanos());
  }

  @Override
  public Instant now() {
    return real.now().plusNanos(ahead.get());
  }

  @Override
  public long nanoTime() {
    return real.nanoTime() + ahead.get();
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    real.sleep(span);
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return real.schedule(delay, action);
  }

  @Override
  public Task start(String name, Runnable body) {
    return real.start(name, body);
  }

  @Override
  public Task startThread(String name, Runnable body) {
    return real.startThread(name, body);
  }

  @Override
  public Supervisor supervisor() {
    return real.supervisor();
  }

  @Override
  public Gate gate() {
    return real.gate();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
  }

  @Override
  public World background() {
    return real.background();
  }
}
