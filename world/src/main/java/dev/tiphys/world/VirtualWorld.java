package dev.tiphys.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A world whose time stands still until it is told to move, and in which one task runs at a time.
///
/// The thread that made it, or any other that is no task of it, drives it: [#settle] lets tasks run
/// until all of them wait, [#advance] moves time, [#awaitQuiescent] does both until nothing is left
/// to do. Which of several ready tasks runs next is drawn from the seed, so a run can be repeated
/// and another seed gives another order. When the driving thread itself waits (on a [Gate], in
/// [#sleep] or in [Task#join]) the world runs until that wait is over.
///
/// A task that throws fails the run: the next call that drives the world throws what it threw. So
/// does a supervised one, though it is started again as in the real world.
///
/// Threads: tasks from their own threads; everything that drives the world from one thread at a
/// time.
public final class VirtualWorld implements World {

  /// How far [#awaitQuiescent] moves time before it gives up.
  private static final Duration PATIENCE = Duration.ofDays(2);

  private final Object lock = new Object();
  private final RandomGenerator choices;
  private final RandomGenerator random;
  private final List<VirtualTask> ready = new ArrayList<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private final Semaphore driver = new Semaphore(0);
  private final ThreadLocal<@Nullable VirtualTask> current = new ThreadLocal<>();
  private final Supervisor supervisor;
  private Instant origin; // guarded by lock
  private long elapsed;
  private long order;
  private @Nullable Throwable failure;

  /// A world that starts at midnight, 1 January 2026, UTC.
  public VirtualWorld(long seed) {
    this(seed, Instant.parse("2026-01-01T00:00:00Z"));
  }

  public VirtualWorld(long seed, Instant start) {
    SplittableRandom source = new SplittableRandom(seed);
    this.choices = source.split();
    this.random = new Shared(source);
    this.origin = start;
    this.supervisor = new Supervisor(this, (_, e) -> fail(e), (_, e) -> fail(e));
  }

  /// Sets the clock forwards, or back if the span is negative, while no time passes: what is due
  /// after a while is not due any sooner.
  public void jump(Duration span) {
    synchronized (lock) {
      origin = origin.plus(span);
    }
  }

  @Override
  public Instant now() {
    synchronized (lock) {
      return origin.plusNanos(elapsed);
    }
  }

  @Override
  public long nanoTime() {
    synchronized (lock) {
      return elapsed;
    }
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    sleep(span, false);
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return schedule(delay, action, false);
  }

  @Override
  public Task start(String name, Runnable body) {
    VirtualTask task = new VirtualTask(name, body);
    synchronized (lock) {
      ready.add(task);
    }
    return task;
  }

  @Override
  public Task startThread(String name, Runnable body) {
    return start(name, body);
  }

  @Override
  public Supervisor supervisor() {
    return supervisor;
  }

  @Override
  public Gate gate() {
    return new VirtualGate(false);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public World background() {
    return new Background();
  }

  /// Lets tasks run, without moving time, until every one of them waits or has ended.
  public void settle() {
    while (step()) {
      // each step runs one task up to its next wait
    }
    rethrow();
  }

  /// Moves time by `span`, stopping at each timer on the way to let the tasks it wakes run.
  public void advance(Duration span) {
    long target = nanoTime() + span.toNanos();
    settle();
    while (fireNext(target)) {
      settle();
    }
    synchronized (lock) {
      elapsed = target;
    }
  }

  /// Runs the world, moving time as far as it takes, until no task can go on and none waits for a
  /// time to come, [#background] work aside.
  ///
  /// @throws IllegalStateException if that is not so after two days of virtual time
  public void awaitQuiescent() {
    long limit = nanoTime() + PATIENCE.toNanos();
    settle();
    while (worksLater()) {
      if (!fireNext(limit)) {
        throw new IllegalStateException("not quiescent after " + PATIENCE);
      }
      settle();
    }
  }

  /// Runs one ready task up to its next wait. Returns false if none is ready.
  private boolean step() {
    VirtualTask task;
    synchronized (lock) {
      if (ready.isEmpty()) {
        return false;
      }
      task = ready.remove(choices.nextInt(ready.size()));
    }
    task.takeTurn();
    driver.acquireUninterruptibly();
    return true;
  }

  /// Moves time to the next timer and runs it, unless that is later than `limit`.
  private boolean fireNext(long limit) {
    Due due;
    synchronized (lock) {
      due = timers.peek();
      if (due == null || due.at > limit) {
        return false;
      }
      timers.remove();
      elapsed = Math.max(elapsed, due.at);
    }
    due.action.run();
    return true;
  }

  private boolean worksLater() {
    synchronized (lock) {
      return timers.stream().anyMatch(due -> !due.background);
    }
  }

  private void fail(Throwable thrown) {
    synchronized (lock) {
      failure = thrown;
    }
  }

  private void rethrow() {
    Throwable thrown;
    synchronized (lock) {
      thrown = failure;
      failure = null;
    }
    if (thrown != null) {
      throw new IllegalStateException("a task failed: " + thrown, thrown);
    }
  }

  private Timer schedule(Duration delay, Runnable action, boolean background) {
    synchronized (lock) {
      Due due = new Due(elapsed + Math.max(0, delay.toNanos()), order++, action, background);
      timers.add(due);
      return () -> {
        synchronized (lock) {
          return timers.remove(due);
        }
      };
    }
  }

  private void sleep(Duration span, boolean background) throws InterruptedException {
    new VirtualGate(background).await(span);
  }

  private record Due(long at, long order, Runnable action, boolean background) {}

  /// A place in some gate's queue. Guarded by the world's lock.
  private static final class Waiter {
    final @Nullable VirtualTask task;
    boolean passed;
    boolean released;

    Waiter(@Nullable VirtualTask task) {
      this.task = task;
    }
  }

  private final class VirtualGate implements Gate {
    private final boolean background;
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private boolean open;

    VirtualGate(boolean background) {
      this.background = background;
    }

    @Override
    public void open() {
      synchronized (lock) {
        Waiter first = queue.poll();
        if (first == null) {
          open = true;
        } else {
          first.passed = true;
          release(first);
        }
      }
    }

    @Override
    public void await() throws InterruptedException {
      waitFor(null);
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
      return waitFor(limit);
    }

    private boolean waitFor(@Nullable Duration limit) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Waiter waiter = new Waiter(current.get());
      Timer timeout = null;
      synchronized (lock) {
        if (open) {
          open = false;
          return true;
        }
        queue.add(waiter);
        if (waiter.task != null) {
          waiter.task.waiting = waiter;
        }
        if (limit != null) {
          timeout = schedule(limit, () -> giveUp(waiter), background);
        }
      }
      try {
        if (waiter.task == null) {
          drive(waiter);
        } else {
          waiter.task.yieldTurn();
        }
      } finally {
        if (timeout != null) {
          timeout.cancel();
        }
        synchronized (lock) {
          queue.remove(waiter);
        }
      }
      if (!waiter.passed && Thread.interrupted()) {
        throw new InterruptedException();
      }
      return waiter.passed;
    }

    private void giveUp(Waiter waiter) {
      synchronized (lock) {
        if (queue.remove(waiter)) {
          release(waiter);
        }
      }
    }
  }

  /// Makes a waiting task ready. The caller holds the lock.
  private void release(Waiter waiter) {
    if (waiter.released) {
      return;
    }
    waiter.released = true;
    if (waiter.task != null) {
      waiter.task.waiting = null;
      ready.add(waiter.task);
    }
  }

  /// Runs the world on the driving thread until its own wait is over.
  private void drive(Waiter waiter) {
    while (true) {
      settle();
      synchronized (lock) {
        if (waiter.released) {
          return;
        }
      }
      if (!fireNext(Long.MAX_VALUE)) {
        throw new IllegalStateException(
            "waits for what can never happen: no task and no timer is left");
      }
    }
  }

  private final class VirtualTask implements Task {
    private final Semaphore turn = new Semaphore(0);
    private final Thread thread;
    private final Gate ended = new VirtualGate(true);
    private @Nullable Waiter waiting;
    private volatile boolean done;

    VirtualTask(String name, Runnable body) {
      thread = Thread.ofVirtual().name(name).start(() -> run(body));
    }

    private void run(Runnable body) {
      turn.acquireUninterruptibly();
      current.set(this);
      try {
        body.run();
      } catch (RuntimeException | Error e) {
        fail(e);
      } finally {
        done = true;
        ended.open();
        driver.release();
      }
    }

    void takeTurn() {
      turn.release();
    }

    /// Gives the turn back and waits for the next one.
    void yieldTurn() {
      driver.release();
      turn.acquireUninterruptibly();
    }

    @Override
    public void interrupt() {
      synchronized (lock) {
        thread.interrupt();
        if (waiting != null) {
          release(waiting);
        }
      }
    }

    @Override
    public void join() throws InterruptedException {
      while (!done) {
        ended.await();
      }
      ended.open();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      long end = nanoTime() + limit.toNanos();
      while (!done) {
        Duration left = Duration.ofNanos(end - nanoTime());
        if (!left.isPositive() || !ended.await(left)) {
          return done;
        }
      }
      ended.open();
      return true;
    }

    @Override
    public boolean done() {
      return done;
    }
  }

  /// The same world, seen by work that is never finished.
  private final class Background implements World {
    @Override
    public Instant now() {
      return VirtualWorld.this.now();
    }

    @Override
    public long nanoTime() {
      return VirtualWorld.this.nanoTime();
    }

    @Override
    public void sleep(Duration span) throws InterruptedException {
      VirtualWorld.this.sleep(span, true);
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
      return VirtualWorld.this.schedule(delay, action, true);
    }

    @Override
    public Task start(String name, Runnable body) {
      return VirtualWorld.this.start(name, body);
    }

    @Override
    public Task startThread(String name, Runnable body) {
      return VirtualWorld.this.start(name, body);
    }

    @Override
    public Supervisor supervisor() {
      return supervisor;
    }

    @Override
    public Gate gate() {
      return new VirtualGate(true);
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public World background() {
      return this;
    }
  }

  private record Shared(SplittableRandom source) implements RandomGenerator {
    @Override
    public long nextLong() {
      synchronized (source) {
        return source.nextLong();
      }
    }
  }
}
