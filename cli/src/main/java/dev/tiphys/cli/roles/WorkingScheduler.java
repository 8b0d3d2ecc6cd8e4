package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.Term;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The scheduler of each term of leadership, one after the other.
///
/// Threads: any.
public final class WorkingScheduler {

  /// For how long a scheduler may put its numbers together: one that does not know the cluster yet,
  /// or that ends, does not answer.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final World world;
  private final Api api;
  private final SchedulerConfiguration configuration;
  private volatile @Nullable Scheduler current;

  public WorkingScheduler(World world, Api api, SchedulerConfiguration configuration) {
    this.world = world;
    this.api = api;
    this.configuration = configuration;
  }

  /// Makes and starts the scheduler of a term.
  public AutoCloseable begin(Term term) {
    Scheduler scheduler = new Scheduler(world, term.fenced(api), configuration);
    scheduler.start();
    current = scheduler;
    return () -> {
      current = null;
      scheduler.close();
    };
  }

  /// What the scheduler counts, if there is one that answers.
  public void write(Exposition out) {
    Scheduler asked = current;
    if (asked == null) {
      return;
    }
    AtomicReference<String> page = new AtomicReference<>("");
    Gate done = world.gate();
    Task asking =
        world.start(
            "scheduler-metrics",
            () -> {
              try {
                page.set(asked.metrics());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it took too long
              } finally {
                done.open();
              }
            });
    try {
      if (!done.await(PATIENCE)) {
        asking.interrupt();
      }
    } catch (InterruptedException e) {
      asking.interrupt();
      Thread.currentThread().interrupt();
    }
    out.page(page.get());
  }
}
