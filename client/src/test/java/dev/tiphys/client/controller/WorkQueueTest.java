package dev.tiphys.client.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Cause;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final WorkQueue<String> queue = new WorkQueue<>("queue", world, RetryPolicy.DEFAULT);

  private String take() throws InterruptedException {
    WorkQueue.Item<String> item = queue.take();
    return item == null ? "closed" : item.key();
  }

  @Test
  void handsAKeyOutOnceHoweverOftenItIsAdded() throws InterruptedException {
    queue.add("a", 1);
    queue.add("a", 3);
    queue.add("a", 2);

    assertThat(queue.take()).isEqualTo(new WorkQueue.Item<>("a", 3));
    assertThat(queue.size()).isZero();
  }

  @Test
  void handsKeysOutInTheOrderTheyCame() throws InterruptedException {
    queue.add("a", 0);
    queue.add("b", 0);
    queue.add("a", 0);
    queue.add("c", 0);

    assertThat(List.of(take(), take(), take())).containsExactly("a", "b", "c");
  }

  @Test
  void keepsAKeyFromOthersWhileSomebodyHasIt() throws InterruptedException {
    queue.add("a", 1);
    take();
    queue.add("a", 2);
    queue.add("b", 3);

    assertThat(take()).isEqualTo("b");
    assertThat(queue.size()).isZero();
    queue.done("a");
    assertThat(queue.take()).isEqualTo(new WorkQueue.Item<>("a", 2));
  }

  @Test
  void aKeyThatIsAddedWhileItIsWorkedOnGoesBehindTheOthers() throws InterruptedException {
    queue.add("a", 0);
    queue.add("b", 0);
    take();
    queue.add("a", 0);
    queue.done("a");

    assertThat(List.of(take(), take())).containsExactly("b", "a");
  }

  @Test
  void aKeyThatIsGivenBackIsForgotten() throws InterruptedException {
    queue.add("a", 0);
    take();
    queue.done("a");

    assertThat(queue.size()).isZero();
  }

  @Test
  void addsAKeyAfterItsDelay() {
    queue.addAfter("a", Duration.ofSeconds(5));

    world.advance(Duration.ofMillis(4999));
    assertThat(queue.size()).isZero();
    world.advance(Duration.ofMillis(1));
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void ofSeveralDelaysTheFirstToEndCounts() {
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.addAfter("a", Duration.ofSeconds(2));
    queue.addAfter("a", Duration.ofSeconds(9));

    world.advance(Duration.ofSeconds(2));
    assertThat(queue.size()).isEqualTo(1);
    world.advance(Duration.ofMinutes(1));
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aDelayOfNothingIsNone() {
    queue.addAfter("a", Duration.ZERO);

    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aDelayedKeyKeepsWhatCausedIt() throws InterruptedException {
    Cause.during(7, () -> queue.addAfter("a", Duration.ofSeconds(1)));
    world.advance(Duration.ofSeconds(1));

    assertThat(queue.take()).isEqualTo(new WorkQueue.Item<>("a", 7));
  }

  @Test
  void backsOffTwiceAsLongEachTimeUpToALimit() throws InterruptedException {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      long begin = world.nanoTime();
      queue.addBackingOff("a");
      take();
      queue.done("a");
      delays.add((world.nanoTime() - begin) / 1_000_000);
    }

    assertThat(delays)
        .startsWith(5L, 10L, 20L, 40L, 80L)
        .endsWith(655_360L, 1_000_000L, 1_000_000L, 1_000_000L);
    assertThat(queue.failures("a")).isEqualTo(21);
  }

  @Test
  void forgettingEndsTheBackOff() throws InterruptedException {
    queue.addBackingOff("a");
    queue.addBackingOff("b");
    queue.addBackingOff("b");
    queue.forget("b");
    take();
    take();

    queue.addBackingOff("b");
    world.advance(Duration.ofMillis(5));

    assertThat(queue.failures("b")).isEqualTo(1);
    assertThat(queue.failures("a")).isEqualTo(1);
  }

  @Test
  void eachKeyIsTakenByOneWorkerAlone() {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      world.start("worker-" + i, () -> takeOne(taken));
    }
    world.settle();
    assertThat(taken).isEmpty();

    queue.add("a", 0);
    queue.add("b", 0);
    world.settle();

    assertThat(taken).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void closingLetsEveryWorkerGo() {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      world.start("worker-" + i, () -> takeOne(taken));
    }
    queue.addAfter("late", Duration.ofSeconds(1));
    world.settle();

    queue.close();
    world.advance(Duration.ofMinutes(1));
    queue.add("a", 0);

    assertThat(taken).containsExactly("closed", "closed", "closed");
    assertThat(queue.size()).isZero();
  }

  private void takeOne(List<String> taken) {
    try {
      taken.add(take());
    } catch (InterruptedException e) {
      taken.add("interrupted");
    }
  }

  @Test
  void theBackoffIsThePolicys() throws InterruptedException {
    RetryPolicy policy = RetryPolicy.between(Duration.ofSeconds(1), Duration.ofSeconds(3));
    assertThat(policy.delay(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.delay(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.delay(3)).isEqualTo(Duration.ofSeconds(3));
    assertThat(policy.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(3));
    assertThat(RetryPolicy.DEFAULT.delay(1)).isEqualTo(Duration.ofMillis(5));
    assertThat(RetryPolicy.DEFAULT.delay(50)).isEqualTo(Duration.ofSeconds(1000));
  }

  @Test
  void retriesOfAllKeysTogetherAreBounded() {
    WorkQueue<String> bounded =
        new WorkQueue<>("queue", world, new RetryPolicy(Duration.ZERO, Duration.ZERO, 10, 5));

    for (int i = 0; i < 25; i++) {
      bounded.addBackingOff("key-" + i);
    }

    assertThat(bounded.size()).isEqualTo(5);
    world.advance(Duration.ofSeconds(1));
    assertThat(bounded.size()).isEqualTo(15);
    world.advance(Duration.ofSeconds(1));
    assertThat(bounded.size()).isEqualTo(25);
  }
}
