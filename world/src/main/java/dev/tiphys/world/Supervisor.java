package dev.tiphys.world;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/// Keeps the endless tasks of a process running. A world has one: [World#supervisor].
///
/// A loop that fails is logged, counted, and, as its [OnFailure] says, started again after a pause
/// that grows while it keeps failing, or the end of the process. An error of the virtual machine,
/// such as memory that has run out, is always the end of the process: nothing that ran meanwhile
/// can be trusted to be complete.
///
/// Threads: any.
public final class Supervisor {

  /// What a failure of a loop leads to.
  public enum OnFailure {
    /// The loop is started again. For loops that find out anew where they are.
    RESTART,
    /// The process ends, loudly. For loops without which the process only seems to work, and whose
    /// state may be torn by the failure.
    END_PROCESS
  }

  private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// After this long without a failure the next one is the first again.
  private static final Duration STABLE = Duration.ofMinutes(1);

  private final World world;
  private final BiConsumer<String, Throwable> onFailure;
  private final BiConsumer<String, Throwable> endProcess;
  private final Set<SupervisedTask> tasks = ConcurrentHashMap.newKeySet();

  /// @param onFailure told of each failure before the loop is started again: the task's name, and
  ///   what it threw
  /// @param endProcess ends the process, and does not return where there is a process to end
  Supervisor(
      World world,
      BiConsumer<String, Throwable> onFailure,
      BiConsumer<String, Throwable> endProcess) {
    this.world = world.background();
    this.onFailure = onFailure;
    this.endProcess = endProcess;
  }

  /// Runs a loop on a virtual thread, and starts it again whenever it fails.
  public SupervisedTask start(String name, Loop loop) {
    return start(name, OnFailure.RESTART, loop);
  }

  /// Runs a loop on a virtual thread.
  public SupervisedTask start(String name, OnFailure policy, Loop loop) {
    return task(name, policy).start(loop);
  }

  /// Runs a loop on a platform thread of its own, as [World#startThread] does.
  public SupervisedTask startThread(String name, OnFailure policy, Loop loop) {
    return task(name, policy).startThread(loop);
  }

  /// A task that does not run yet, for a loop that speaks of its own task: to say what keeps it
  /// from its work, or to ask whether it is closed.
  public SupervisedTask task(String name, OnFailure policy) {
    return new SupervisedTask(this, name, policy);
  }

  /// What is known about each task that has not ended, in no order.
  public List<SupervisedTask.Report> reports() {
    List<SupervisedTask.Report> reports = new ArrayList<>();
    tasks.forEach(task -> reports.add(task.report()));
    return reports;
  }

  Task run(SupervisedTask task, Loop loop, boolean onThread) {
    tasks.add(task);
    Runnable body = () -> keepRunning(task, loop);
    return onThread ? world.startThread(task.name(), body) : world.start(task.name(), body);
  }

  private void keepRunning(SupervisedTask task, Loop loop) {
    task.entered();
    try {
      Duration pause = FIRST_PAUSE;
      while (!task.closed()) {
        long start = world.nanoTime();
        if (ended(task, loop)) {
          return;
        }
        boolean stable = world.nanoTime() - start >= STABLE.toNanos();
        pause = stable ? FIRST_PAUSE : pause;
        world.sleep(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      // It is closed during the pause.
    } finally {
      tasks.remove(task);
    }
  }

  /// Runs the loop once. Returns whether it has ended for good.
  private boolean ended(SupervisedTask task, Loop loop) {
    try {
      loop.run();
      return true;
    } catch (InterruptedException | RuntimeException | Error e) {
      if (task.closed() && !isFatal(e) && isInterruption(e)) {
        return true;
      }
      task.failed(e, world.now());
      if (task.policy() == OnFailure.END_PROCESS || isFatal(e)) {
        endProcess.accept(task.name(), e);
        return true;
      }
      warn("a task failed and is started again: " + task.name(), e);
      onFailure.accept(task.name(), e);
      return task.closed();
    }
  }

  /// Whether it comes of an interruption, however it was wrapped on its way: to some callers only
  /// words of it get through, and the interruption that is still to be noticed.
  private static boolean isInterruption(Throwable failure) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  /// Whether nothing can be trusted after it.
  static boolean isFatal(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  void warn(String message) {
    logged(() -> LOG.log(Level.WARNING, message));
  }

  private void warn(String message, Throwable failure) {
    logged(() -> LOG.log(Level.ERROR, message, failure));
  }

  /// A logger that fails must not end what is supervised.
  private static void logged(Runnable logging) {
    try {
      logging.run();
    } catch (RuntimeException e) {
      System.err.println("the logger failed: " + e);
    }
  }
}
