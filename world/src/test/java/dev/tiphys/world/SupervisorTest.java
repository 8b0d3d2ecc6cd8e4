package dev.tiphys.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.Supervisor.OnFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorTest {

  private final VirtualWorld world = new VirtualWorld(3);
  private final Supervisor supervisor = world.supervisor();

  @Test
  void aLoopThatFailsIsStartedAgainAndCounted() {
    AtomicInteger runs = new AtomicInteger();
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException("failure " + runs);
              }
              world.gate().await();
            });

    advanceOverFailures(Duration.ofSeconds(1), 2);

    assertThat(runs).hasValue(3);
    assertThat(task.report().failures()).isEqualTo(2);
    assertThat(task.report().lastFailure()).contains("failure 2");
    assertThat(task.report().failedAt()).isNotNull();
    assertThat(task.done()).isFalse();
  }

  @Test
  void thePauseGrowsToHalfAMinuteWhileALoopKeepsFailing() {
    List<Long> starts = new ArrayList<>();
    SupervisedTask _ =
        supervisor.start(
            "loop",
            () -> {
              starts.add(world.nanoTime() / 1_000_000);
              throw new IllegalStateException("always");
            });

    advanceOverFailures(Duration.ofSeconds(120), 12);

    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < starts.size(); i++) {
      pauses.add(starts.get(i) - starts.get(i - 1));
    }
    assertThat(pauses)
        .startsWith(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L, 30000L);
  }

  @Test
  void aLoopThatRanForAWhileIsStartedAgainAtOnce() {
    List<Long> starts = new ArrayList<>();
    SupervisedTask _ =
        supervisor.start(
            "loop",
            () -> {
              starts.add(world.nanoTime() / 1_000_000);
              if (starts.size() > 3) {
                world.background().sleep(Duration.ofMinutes(2));
              }
              throw new IllegalStateException("always");
            });

    advanceOverFailures(Duration.ofMinutes(3), 4);

    assertThat(starts).startsWith(0L, 100L, 300L, 700L, 120_800L);
  }

  @Test
  void anInterruptThatIsNotItsEndIsAFailure() {
    SupervisedTask task = supervisor.start("loop", () -> world.gate().await());
    world.settle();

    task.interrupt();
    advanceOverFailures(Duration.ofSeconds(1), 1);

    assertThat(task.done()).isFalse();
    assertThat(task.report().failures()).isEqualTo(1);
  }

  @Test
  void aLoopThatReturnsIsOver() {
    SupervisedTask task = supervisor.start("loop", () -> {});

    world.awaitQuiescent();

    assertThat(task.done()).isTrue();
    assertThat(supervisor.reports()).isEmpty();
  }

  @Test
  void closingWaitsForTheEndOfTheLoop() {
    AtomicInteger ended = new AtomicInteger();
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              try {
                world.gate().await();
              } finally {
                ended.incrementAndGet();
              }
            });
    world.settle();

    task.close();

    assertThat(ended).hasValue(1);
    assertThat(task.done()).isTrue();
    assertThat(task.report().failures()).isZero();
  }

  @Test
  void aTaskThatIsClosedBeforeItRanNeverRuns() {
    AtomicInteger runs = new AtomicInteger();
    SupervisedTask task = supervisor.start("loop", runs::incrementAndGet);

    task.close();

    assertThat(task.done()).isTrue();
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTaskThatIsClosedDuringThePauseIsNotStartedAgain() {
    AtomicInteger runs = new AtomicInteger();
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              runs.incrementAndGet();
              throw new IllegalStateException("once");
            });
    assertThatThrownBy(world::settle).hasMessageContaining("once");

    task.close();
    world.advance(Duration.ofMinutes(5));

    assertThat(runs).hasValue(1);
    assertThat(task.done()).isTrue();
  }

  @Test
  void aLoopMayCloseItself() {
    AtomicReference<SupervisedTask> own = new AtomicReference<>();
    own.set(
        supervisor.start(
            "loop",
            () -> {
              own.get().close();
              throw new IllegalStateException("after its end");
            }));

    assertThatThrownBy(world::settle).hasMessageContaining("after its end");
    world.advance(Duration.ofMinutes(5));

    assertThat(own.get().done()).isTrue();
  }

  @Test
  void aLoopThatIsInterruptedByItsEndHasNotFailedHoweverItSaysSo() {
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              try {
                world.gate().await();
              } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while waiting for the disk", e);
              }
            });
    world.settle();

    task.close();
    world.settle();

    assertThat(task.done()).isTrue();
    assertThat(task.report().failures()).isZero();
  }

  @Test
  void aLoopThatIsInterruptedByItsEndHasNotFailedThoughItDoesNotSayWhy() {
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              try {
                world.gate().await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the write may happen");
              }
            });
    world.settle();

    task.close();
    world.settle();

    assertThat(task.done()).isTrue();
    assertThat(task.report().failures()).isZero();
  }

  @Test
  void aProblemIsReportedUntilItIsOver() {
    SupervisedTask task = supervisor.start("loop", () -> world.gate().await());

    task.problem("cannot list");
    assertThat(supervisor.reports())
        .extracting(SupervisedTask.Report::problem)
        .containsExactly("cannot list");

    task.problem("");
    assertThat(task.report().problem()).isEmpty();
  }

  @Test
  void eachWordingOfAProblemIsLoggedOnceUntilItIsOver() {
    SupervisedTask task = supervisor.start("loop", () -> world.gate().await());

    List<String> logged =
        logged(
            () -> {
              for (int i = 0; i < 20; i++) {
                task.problem("refused");
                task.problem("reset");
              }
              task.problem("");
              task.problem("refused");
            });

    assertThat(logged).containsExactly("loop: refused", "loop: reset", "loop: refused");
  }

  @Test
  void aProblemThatIsWordedAnewEachTimeDoesNotFillTheLog() {
    SupervisedTask task = supervisor.start("loop", () -> world.gate().await());

    List<String> logged =
        logged(
            () -> {
              for (int i = 0; i < 100; i++) {
                task.problem("attempt " + i);
              }
            });

    assertThat(logged).hasSize(10).first().isEqualTo("loop: attempt 0");
    assertThat(task.report().problem()).isEqualTo("attempt 99");
  }

  /// What the supervisor logs meanwhile.
  private static List<String> logged(Runnable action) {
    List<String> messages = new ArrayList<>();
    Logger logger = Logger.getLogger(Supervisor.class.getName());
    Filter before = logger.getFilter();
    logger.setFilter(
        entry -> {
          messages.add(entry.getMessage());
          return false;
        });
    try {
      action.run();
    } finally {
      logger.setFilter(before);
    }
    return messages;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureThatCannotBeSurvivedEndsTheProcess(boolean thread) throws InterruptedException {
    AtomicReference<String> ended = new AtomicReference<>("");
    RealWorld real = new RealWorld((task, e) -> ended.set(task + ": " + e.getMessage()));
    Loop loop =
        () -> {
          throw new IllegalStateException("torn");
        };

    SupervisedTask task =
        thread
            ? real.supervisor().startThread("journal", OnFailure.END_PROCESS, loop)
            : real.supervisor().start("journal", OnFailure.END_PROCESS, loop);
    awaitEnd(real, task);

    assertThat(ended.get()).isEqualTo("journal: torn");
  }

  @Test
  void memoryThatHasRunOutEndsTheProcessWhateverTheLoopIs() throws InterruptedException {
    AtomicReference<String> ended = new AtomicReference<>("");
    RealWorld real = new RealWorld((task, e) -> ended.set(task + ": " + e.getMessage()));

    awaitEnd(
        real,
        real.supervisor()
            .start(
                "informer",
                () -> {
                  throw new OutOfMemoryError("heap");
                }));
    assertThat(ended.get()).isEqualTo("informer: heap");

    real.start(
            "request",
            () -> {
              throw new OutOfMemoryError("heap");
            })
        .join();
    assertThat(ended.get()).isEqualTo("request: heap");
  }

  @Test
  void aStackThatIsTooDeepEndsOnlyTheRound() {
    AtomicInteger runs = new AtomicInteger();
    SupervisedTask task =
        supervisor.start(
            "loop",
            () -> {
              if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError();
              }
              world.gate().await();
            });

    advanceOverFailures(Duration.ofSeconds(1), 1);

    assertThat(runs).hasValue(2);
    assertThat(task.done()).isFalse();
  }

  private static void awaitEnd(World world, SupervisedTask task) throws InterruptedException {
    while (!task.done()) {
      world.sleep(Duration.ofMillis(1));
    }
  }

  /// Lets time pass in a world whose run each failure fails.
  private void advanceOverFailures(Duration span, int failures) {
    long end = world.nanoTime() + span.toNanos();
    int seen = 0;
    while (world.nanoTime() < end) {
      try {
        world.advance(Duration.ofNanos(end - world.nanoTime()));
      } catch (IllegalStateException e) {
        seen++;
      }
    }
    assertThat(seen).isGreaterThanOrEqualTo(failures);
  }
}
