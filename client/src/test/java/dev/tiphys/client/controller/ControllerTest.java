package dev.tiphys.client.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Cause;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerTest {

  private static final ObjectKey KEY = new ObjectKey("ns", "a");

  private final VirtualWorld world = new VirtualWorld(1);
  private final List<String> reconciled = new ArrayList<>();
  private final Queue<Supplier<Outcome>> script = new ArrayDeque<>();
  private final Controller controller = new Controller("test", world, 2, this::reconcile);

  private Outcome reconcile(ObjectKey key) {
    reconciled.add(key + " for " + Cause.revision() + " at " + world.nanoTime() / 1_000_000);
    Supplier<Outcome> next = script.poll();
    return next == null ? Outcome.DONE : next.get();
  }

  @AfterEach
  void close() {
    controller.close();
    world.settle();
  }

  @Test
  void reconcilesAsAReactionToTheNewestRevision() {
    controller.enqueue(object("5"));
    controller.enqueue(object("7"));

    controller.start();
    world.settle();

    assertThat(reconciled).containsExactly("ns/a for 7 at 0");
  }

  private static Struct object(String revision) {
    return Struct.of(
        "metadata", Struct.of("namespace", "ns", "name", "a", "resourceVersion", revision));
  }

  @Test
  void looksAgainAfterTheTimeThatWasAskedFor() {
    script.add(() -> Outcome.again(Duration.ofSeconds(3)));
    begin();

    world.advance(Duration.ofMinutes(1));

    assertThat(reconciled).containsExactly("ns/a for 1 at 0", "ns/a for 1 at 3000");
  }

  @Test
  void aLaterOutcomeTakesThePlaceOfAnEarlierOne() {
    script.add(() -> Outcome.again(Duration.ofMinutes(5)));
    script.add(() -> Outcome.RETRY);
    script.add(() -> Outcome.again(Duration.ofSeconds(9)));
    script.add(() -> Outcome.DONE);
    begin();
    world.settle();
    controller.enqueue(object("2"));
    world.advance(Duration.ofSeconds(1)); // tried again after 5 milliseconds
    controller.enqueue(object("3"));

    world.advance(Duration.ofHours(1));

    assertThat(reconciled)
        .containsExactly(
            "ns/a for 1 at 0", "ns/a for 2 at 0", "ns/a for 2 at 5", "ns/a for 3 at 1000");
  }

  @Test
  void whatOthersAskedForForLaterIsKept() {
    script.add(() -> Outcome.DONE);
    controller.queue().addAfter(KEY, Duration.ofSeconds(5));
    begin();

    world.advance(Duration.ofMinutes(1));

    assertThat(reconciled).containsExactly("ns/a for 1 at 0", "ns/a for 0 at 5000");
  }

  @Test
  void retriesWithABackOffThatGrows() {
    script.add(() -> Outcome.RETRY);
    script.add(() -> Outcome.RETRY);
    script.add(() -> Outcome.RETRY);
    begin();

    world.advance(Duration.ofMinutes(1));

    assertThat(reconciled)
        .extracting(line -> line.substring(line.indexOf("at")))
        .containsExactly("at 0", "at 5", "at 15", "at 35");
  }

  @Test
  void aSuccessEndsTheBackOff() {
    script.add(() -> Outcome.RETRY);
    script.add(() -> Outcome.RETRY);
    begin();
    world.advance(Duration.ofSeconds(1));

    assertThat(controller.queue().failures(KEY)).isZero();
  }

  @Test
  void triesAgainWhatThrew() {
    script.add(
        () -> {
          throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "expected in this test");
        });
    script.add(
        () -> {
          throw ApiException.conflict("configmaps", "a", "expected in this test");
        });
    script.add(
        () -> {
          throw new IllegalStateException("expected in this test");
        });
    begin();

    world.advance(Duration.ofMinutes(1));

    assertThat(reconciled).hasSize(4);
  }

  @Test
  void whatIsAddedDuringAReconciliationIsLookedAtAfterIt() {
    script.add(
        () -> {
          controller.queue().add(KEY, 9);
          assertThat(controller.queue().size()).isZero();
          return Outcome.DONE;
        });
    begin();

    assertThat(reconciled).containsExactly("ns/a for 1 at 0", "ns/a for 9 at 0");
  }

  @Test
  void reconcilesNothingAfterItsEnd() {
    begin();
    controller.close();
    controller.queue().add(KEY, 2);
    world.settle();

    assertThat(reconciled).hasSize(1);
  }

  private void begin() {
    controller.start();
    controller.queue().add(KEY, 1);
    world.settle();
  }
}
