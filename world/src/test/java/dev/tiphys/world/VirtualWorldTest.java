package dev.tiphys.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualWorldTest {

  private final VirtualWorld world = new VirtualWorld(7);
  private final List<String> log = new ArrayList<>();

  @Test
  void timeStandsStillUntilItIsMoved() {
    Instant before = world.now();
    world.schedule(Duration.ofHours(1), () -> log.add("due"));

    world.settle();
    assertThat(log).isEmpty();
    assertThat(world.now()).isEqualTo(before);

    world.advance(Duration.ofMinutes(59));
    assertThat(log).isEmpty();

    world.advance(Duration.ofMinutes(1));
    assertThat(log).containsExactly("due");
    assertThat(world.now()).isEqualTo(before.plus(Duration.ofHours(1)));
  }

  @Test
  void aClockThatIsSetMovesNoTimer() {
    Instant before = world.now();
    world.schedule(Duration.ofHours(1), () -> log.add("due"));

    world.jump(Duration.ofDays(1));
    world.advance(Duration.ofMinutes(59));
    assertThat(world.now()).isEqualTo(before.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(59)));
    assertThat(log).isEmpty();

    world.jump(Duration.ofDays(-2));
    world.advance(Duration.ofMinutes(1));
    assertThat(log).containsExactly("due");
  }

  @Test
  void timersRunInTheOrderOfTheirTimes() {
    world.schedule(Duration.ofSeconds(2), () -> log.add("second"));
    world.schedule(Duration.ofSeconds(1), () -> log.add("first"));
    world.schedule(Duration.ofSeconds(2), () -> log.add("third"));

    world.advance(Duration.ofSeconds(5));

    assertThat(log).containsExactly("first", "second", "third");
  }

  @Test
  void aCancelledTimerNeverRuns() {
    Timer timer = world.schedule(Duration.ofSeconds(1), () -> log.add("never"));

    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    world.advance(Duration.ofSeconds(2));

    assertThat(log).isEmpty();
  }

  @Test
  void aTaskSleepsInVirtualTime() {
    world.start(
        "sleeper",
        () -> {
          sleep(world, Duration.ofDays(1));
          log.add("awake");
        });

    world.advance(Duration.ofHours(23));
    assertThat(log).isEmpty();
    world.awaitQuiescent();

    assertThat(log).containsExactly("awake");
    assertThat(world.nanoTime()).isEqualTo(Duration.ofDays(1).toNanos());
  }

  @Test
  void aGateLetsOneTaskThroughPerOpening() {
    Gate gate = world.gate();
    for (int i = 0; i < 3; i++) {
      world.start("waiter", () -> pass(gate, "through"));
    }
    world.settle();

    gate.open();
    world.settle();
    assertThat(log).hasSize(1);

    gate.open();
    gate.open();
    world.settle();
    assertThat(log).hasSize(3);
  }

  @Test
  void anOpenGateStaysOpenForTheNextTaskOnly() {
    Gate gate = world.gate();
    gate.open();
    gate.open();
    world.start("first", () -> pass(gate, "first"));
    world.settle();
    world.start("second", () -> pass(gate, "second"));
    world.settle();

    assertThat(log).containsExactly("first");
  }

  @Test
  void aGateGivesUpAtItsLimit() throws InterruptedException {
    Gate gate = world.gate();

    assertThat(gate.await(Duration.ofMinutes(5))).isFalse();
    assertThat(world.nanoTime()).isEqualTo(Duration.ofMinutes(5).toNanos());
  }

  @Test
  void theDrivingThreadRunsTheWorldWhileItWaits() throws InterruptedException {
    Gate gate = world.gate();
    world.start(
        "opener",
        () -> {
          sleep(world, Duration.ofSeconds(3));
          gate.open();
        });

    gate.await();

    assertThat(world.nanoTime()).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void waitingForWhatCanNeverHappenIsAnError() {
    assertThatThrownBy(() -> world.gate().await())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("can never happen");
  }

  @Test
  void anInterruptEndsAWait() throws InterruptedException {
    Gate never = world.gate();
    Task task =
        world.start(
            "waiter",
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                log.add("interrupted");
              }
            });
    world.settle();

    task.interrupt();
    task.join();

    assertThat(log).containsExactly("interrupted");
    assertThat(task.done()).isTrue();
  }

  @Test
  void backgroundWorkDoesNotKeepTheWorldFromBeingQuiescent() {
    World background = world.background();
    background.start(
        "heartbeat",
        () -> {
          while (log.size() < 100) {
            log.add("beat");
            sleep(background, Duration.ofSeconds(10));
          }
        });
    world.schedule(Duration.ofSeconds(35), () -> {});

    world.awaitQuiescent();

    assertThat(log).hasSize(4);
  }

  @Test
  void theSameSeedGivesTheSameOrder() {
    assertThat(orderOfTasks(1)).isEqualTo(orderOfTasks(1));
    assertThat(orderOfTasks(1)).isNotEqualTo(orderOfTasks(2));
  }

  @Test
  void aTaskThatThrowsFailsTheRun() {
    world.start(
        "broken",
        () -> {
          throw new IllegalArgumentException("broken");
        });

    assertThatThrownBy(world::settle).hasRootCauseMessage("broken");
  }

  private static List<Integer> orderOfTasks(long seed) {
    VirtualWorld world = new VirtualWorld(seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      world.start("task", () -> order.add(number));
    }
    world.settle();
    return order;
  }

  private void pass(Gate gate, String word) {
    try {
      gate.await();
      log.add(word);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void sleep(World world, Duration span) {
    try {
      world.sleep(span);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
