package dev.tiphys.world;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/// The world a program lives in: the machine's clock, virtual threads, the system's randomness.
///
/// What a task or timer throws is logged. An error of the virtual machine, such as memory that has
/// run out, ends the process: it says so on the standard error, and its exit code is 70.
///
/// Threads: any. One daemon thread runs the timers.
public final class RealWorld implements World {

  private static final System.Logger LOG = System.getLogger(RealWorld.class.getName());

  /// The exit code of a program that failed by its own fault, as sysexits(3) has it.
  private static final int SOFTWARE_FAILURE = 70;

  private final SecureRandom random = new SecureRandom();
  private final ScheduledThreadPoolExecutor timers;
  private final Supervisor supervisor;
  private final BiConsumer<String, Throwable> endProcess;

  public RealWorld() {
    this(RealWorld::endProcess);
  }

  /// @param endProcess ends the process over the failure of the task that it is given
  RealWorld(BiConsumer<String, Throwable> endProcess) {
    this.endProcess = endProcess;
    this.supervisor = new Supervisor(this, (_, _) -> {}, endProcess);
    timers =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("timers").factory());
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    Thread.sleep(span);
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    ScheduledFuture<?> due =
        timers.schedule(() -> reporting("timer", action), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> due.cancel(false);
  }

  @Override
  public Task start(String name, Runnable body) {
    return new RealTask(Thread.ofVirtual().name(name).start(() -> reporting(name, body)));
  }

  @Override
  public Task startThread(String name, Runnable body) {
    return new RealTask(Thread.ofPlatform().daemon().name(name).start(() -> reporting(name, body)));
  }

  @Override
  public Supervisor supervisor() {
    return supervisor;
  }

  @Override
  public Gate gate() {
    return new RealGate();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public World background() {
    return this;
  }

  private void reporting(String name, Runnable body) {
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      if (Supervisor.isFatal(e)) {
        endProcess.accept(name, e);
      }
      LOG.log(System.Logger.Level.ERROR, "a task failed: " + name, e);
    }
  }

  /// Does not wait for the end of anything else: what was acknowledged is on disk, and whatever
  /// would have to be ended in order may be what failed.
  private static void endProcess(String task, Throwable failure) {
    try {
      System.err.println("tiphys: the process ends, since this task failed: " + task);
      failure.printStackTrace(System.err);
    } finally {
      Runtime.getRuntime().halt(SOFTWARE_FAILURE);
    }
  }

  private record RealTask(Thread thread) implements Task {
    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public void join() throws InterruptedException {
      thread.join();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return thread.join(limit);
    }

    @Override
    public boolean done() {
      return !thread.isAlive();
    }
  }

  private static final class RealGate implements Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean open;

    @Override
    public void open() {
      lock.lock();
      try {
        open = true;
        opened.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void await() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (!open) {
          opened.await();
        }
        open = false;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
      long left = limit.toNanos();
      lock.lockInterruptibly();
      try {
        while (!open) {
          if (left <= 0) {
            return false;
          }
          left = opened.awaitNanos(left);
        }
        open = false;
        return true;
      } finally {
        lock.unlock();
      }
    }
  }
}
