package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.HostName;
import dev.tiphys.client.Api;
import dev.tiphys.client.InformerMetrics;
import dev.tiphys.client.leader.Term;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The scheduler of each term of leadership, one after the other.
///
/// Threads: any.
public final class WorkingScheduler {

  /// For how long a scheduler may put its numbers together: one that does not know the cluster yet,
  /// or that ends, does not answer.
  private static final Duration COUNTING = Duration.ofSeconds(1);

  /// For how long it may find out what its plugins think of each node.
  private static final Duration EXPLAINING = Duration.ofSeconds(10);

  private final World world;
  private final Api api;
  private final SchedulerConfiguration configuration;
  private final InformerMetrics informers = new InformerMetrics(Scheduler.PROGRAM);
  private volatile @Nullable Scheduler current;

  public WorkingScheduler(World world, Api api, SchedulerConfiguration configuration) {
    this.world = world;
    this.api = api;
    this.configuration = configuration;
  }

  /// Makes and starts the scheduler of a term.
  public AutoCloseable begin(Term term) {
    Scheduler scheduler =
        informers.during(
            () -> new Scheduler(world, term.fenced(api), configuration, HostName.find()));
    scheduler.start();
    current = scheduler;
    return () -> {
      current = null;
      scheduler.close();
    };
  }

  /// What the scheduler counts, if there is one that answers, and what its informers do.
  public void write(Exposition out) {
    ask("scheduler-metrics", COUNTING, Scheduler::metrics).ifPresent(out::page);
    informers.write(out);
  }

  /// What was decided about a Pod, as JSON has it; absent if the scheduler has nothing to do with
  /// it.
  ///
  /// @throws ApiException if there is no scheduler that answers: another process may lead
  public Optional<Struct> why(String namespace, String pod) {
    return ask("scheduler-why", EXPLAINING, scheduler -> scheduler.why(namespace, pod))
        .orElseThrow(
            () ->
                ApiException.of(
                    Reason.SERVICE_UNAVAILABLE, "the scheduler of this process does not lead"))
        .map(Decision::tree);
  }

  /// What is asked of a scheduler.
  private interface Question<T> {
    T ask(Scheduler scheduler) throws InterruptedException;
  }

  /// Absent if there is no scheduler, or if it does not answer in time.
  private <T> Optional<T> ask(String name, Duration patience, Question<T> question) {
    Scheduler asked = current;
    if (asked == null) {
      return Optional.empty();
    }
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    Gate done = world.gate();
    Task asking =
        world.start(
            name,
            () -> {
              try {
                answer.set(question.ask(asked));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it took too long
              } finally {
                done.open();
              }
            });
    try {
      if (!done.await(patience)) {
        asking.interrupt();
      }
    } catch (InterruptedException e) {
      asking.interrupt();
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(answer.get());
  }
}
