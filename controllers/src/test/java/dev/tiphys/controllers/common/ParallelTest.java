package dev.tiphys.controllers.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.VirtualWorld;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParallelTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final List<Integer> made = Collections.synchronizedList(new ArrayList<>());

  @Test
  void oneThatThrowsKeepsNoOtherFromBeingMade() throws InterruptedException {
    List<Integer> all = IntStream.range(0, 200).boxed().toList();

    Parallel.Result result =
        Parallel.all(
            world,
            all,
            number -> {
              if (number % 3 == 0) {
                throw new IllegalStateException("expected in this test");
              }
              made.add(number);
            });

    assertThat(made).hasSize(133);
    assertThat(result.done()).isEqualTo(133);
    assertThat(result.error()).isNotNull();
    assertThat(result.error().reason()).isEqualTo(Reason.INTERNAL_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    // how many are wanted, the first that is refused, how many are made
    "10, 100, 10",
    "500, 500, 500",
    "500, 0, 0",
    "500, 1, 1",
    "500, 7, 7"
  })
  void aSlowStartStopsAfterABatchWithARefusal(int wanted, int refused, int expected)
      throws InterruptedException {
    Parallel.Result result =
        Parallel.slowStart(
            world,
            wanted,
            () -> {
              synchronized (made) {
                if (made.size() >= refused) {
                  throw ApiException.of(Reason.FORBIDDEN, "no more");
                }
                made.add(made.size());
              }
            });

    assertThat(made).hasSize(expected);
    assertThat(result.done()).isEqualTo(expected);
    assertThat(result.error() != null).isEqualTo(expected < wanted);
  }
}
