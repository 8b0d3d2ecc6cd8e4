package dev.tiphys.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RealWorldTest {

  private final World world = new RealWorld();

  @Test
  void aGateIsPassedOnceItIsOpened() throws InterruptedException {
    Gate gate = world.gate();
    world.schedule(Duration.ofMillis(1), gate::open);

    gate.await();

    assertThat(gate.await(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void aTaskRunsAndCanBeJoined() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    Task task = world.start("counter", runs::incrementAndGet);

    task.join();

    assertThat(runs).hasValue(1);
    assertThat(task.done()).isTrue();
  }

  @Test
  void anInterruptEndsAWait() throws InterruptedException {
    Gate entered = world.gate();
    Gate left = world.gate();
    Task task =
        world.start(
            "waiter",
            () -> {
              entered.open();
              try {
                world.gate().await();
              } catch (InterruptedException e) {
                left.open();
              }
            });

    entered.await();
    task.interrupt();

    left.await();
  }

  @Test
  void aTaskThatThrowsLeavesTheOthersAlone() throws InterruptedException {
    world
        .start(
            "broken",
            () -> {
              throw new IllegalStateException("expected in this test");
            })
        .join();

    Gate gate = world.gate();
    world.start("sound", gate::open);
    gate.await();
  }
}
