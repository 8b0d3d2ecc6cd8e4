package dev.tiphys.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A loop that a [Supervisor] keeps running, and what is known about how it does.
///
/// Threads: any.
public final class SupervisedTask implements AutoCloseable {

  /// How long [#close] waits for the loop to end.
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /// How many wordings of one problem are logged.
  private static final int LOGGED_WORDINGS = 10;

  private final Supervisor supervisor;
  private final String name;
  private final Supervisor.OnFailure policy;
  private final Object lock = new Object();
  private volatile boolean closed;
  private @Nullable Task task;
  private @Nullable Thread thread;
  private long failures;
  private String lastFailure = "";
  private @Nullable Instant failedAt;
  private String problem = "";
  private final Set<String> logged =
      new HashSet<>(); // what was said of the problem; guarded by lock

  SupervisedTask(Supervisor supervisor, String name, Supervisor.OnFailure policy) {
    this.supervisor = supervisor;
    this.name = name;
    this.policy = policy;
  }

  /// What is known about a supervised task.
  ///
  /// @param failures how often it was started again
  /// @param lastFailure what it threw last; empty if it never failed
  /// @param failedAt when that was; null if it never failed
  /// @param problem what keeps it from its work now, in its own words; empty if nothing does
  public record Report(
      String name, long failures, String lastFailure, @Nullable Instant failedAt, String problem) {}

  public Report report() {
    synchronized (lock) {
      return new Report(name, failures, lastFailure, failedAt, problem);
    }
  }

  /// Runs the loop on a virtual thread. Does nothing if the task was closed before.
  public SupervisedTask start(Loop loop) {
    return start(loop, false);
  }

  /// Runs the loop on a platform thread of its own.
  public SupervisedTask startThread(Loop loop) {
    return start(loop, true);
  }

  private SupervisedTask start(Loop loop, boolean onThread) {
    synchronized (lock) {
      if (!closed) {
        task = supervisor.run(this, loop, onThread);
      }
    }
    return this;
  }

  /// Says what keeps the loop from its work. That is not a failure: the loop goes on by itself. It
  /// is shown in reports until it is over. Each wording is logged once until then, however often
  /// and in whatever order they come; the first few of them, since a wording may hold what changes.
  ///
  /// @param problem empty when nothing does any more
  public void problem(String problem) {
    synchronized (lock) {
      this.problem = problem;
      if (problem.isEmpty()) {
        logged.clear();
        return;
      }
      if (logged.size() >= LOGGED_WORDINGS || !logged.add(problem)) {
        return;
      }
    }
    supervisor.warn(name + ": " + problem);
  }

  public String name() {
    return name;
  }

  public boolean closed() {
    return closed;
  }

  /// Whether the loop has ended for good.
  public boolean done() {
    synchronized (lock) {
      return task != null && task.done();
    }
  }

  /// Interrupts what the loop waits for. A loop that does not handle that itself is started again.
  /// Does nothing when called by the loop itself.
  public void interrupt() {
    synchronized (lock) {
      if (task != null && thread != Thread.currentThread()) {
        task.interrupt();
      }
    }
  }

  /// Waits, without interrupting it, until the loop has ended for good. Returns at once if it was
  /// never started.
  public void join() throws InterruptedException {
    Task running;
    synchronized (lock) {
      running = task;
    }
    if (running != null) {
      running.join();
    }
  }

  /// Interrupts the loop and waits until it has ended, ten seconds at most. Called by the loop
  /// itself it does not wait.
  @Override
  public void close() {
    stop();
    awaitEnd();
  }

  /// Closes several at once: they end beside each other.
  public static void closeAll(Collection<SupervisedTask> tasks) {
    tasks.forEach(SupervisedTask::stop);
    tasks.forEach(SupervisedTask::awaitEnd);
  }

  private void stop() {
    closed = true;
    interrupt();
  }

  private void awaitEnd() {
    Task running;
    synchronized (lock) {
      running = task;
      if (running == null || thread == Thread.currentThread()) {
        return;
      }
    }
    try {
      if (!running.join(CLOSING)) {
        supervisor.warn("a task does not end: " + name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Supervisor.OnFailure policy() {
    return policy;
  }

  void entered() {
    synchronized (lock) {
      thread = Thread.currentThread();
    }
  }

  void failed(Throwable failure, Instant now) {
    synchronized (lock) {
      failures++;
      lastFailure = failure.toString();
      failedAt = now;
    }
  }
}
