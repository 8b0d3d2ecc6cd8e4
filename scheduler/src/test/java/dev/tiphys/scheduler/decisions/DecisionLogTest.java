package dev.tiphys.scheduler.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Attempt.Outcome;
import dev.tiphys.scheduler.decisions.Table.Scores;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.world.Rounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionLogTest {

  private static final int NODES = 1_000;
  private static final long MOST = 100_000;

  private final Fixture fixture = new Fixture();
  private final DecisionLog log = new DecisionLog(MOST);
  private final Object[] names = new Object[NODES];
  private final byte[] values = new byte[NODES];
  private Column<byte[]> before;
  private Column<Object[]> roster;

  DecisionLogTest() {
    for (int i = 0; i < NODES; i++) {
      names[i] = "node-" + i;
    }
    roster = Column.of(null, names, NODES);
  }

  private static Attempt attempt() {
    return new Attempt(
        Instant.EPOCH, 1, new Outcome.Placed("node-0", NODES, List.of()), NODES, List.of());
  }

  private PodInfo pod() {
    return fixture.pod("", "'containers':[{}]");
  }

  /// A table in which one node differs from the one before.
  private Table table(SplittableRandom random) {
    values[random.nextInt(NODES)] = (byte) random.nextInt(100);
    before = Column.of(before, values, NODES);
    return new Table(NODES, roster, null, null, List.of(new Scores("One", 1, 0, before)), Map.of());
  }

  private static List<Struct> nodes(Try of) {
    return of.tree().structs("nodes");
  }

  @Test
  void theOldestLoseTheirNodesFirstAndAreForgottenThen() {
    SplittableRandom random = new SplittableRandom(1);
    List<PodInfo> pods = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      PodInfo pod = pod();
      pods.add(pod);
      log.note(pod, attempt(), table(random));
      assertThat(log.bytes()).isLessThanOrEqualTo(MOST);
    }

    List<String> kept =
        pods.stream()
            .map(log::of)
            .map(of -> of == null ? "nothing" : nodes(of).isEmpty() ? "summary" : "whole")
            .toList();
    assertThat(kept).isSorted(); // as the alphabet has it, too
    assertThat(kept).contains("nothing", "summary", "whole");
  }

  @Test
  void ofManyNodesThatStayAsTheyAreOnlyTheOnesThatChangeTakeRoom() {
    SplittableRandom random = new SplittableRandom(1);
    log.note(pod(), attempt(), table(random));
    long first = log.bytes();
    log.note(pod(), attempt(), table(random));

    assertThat(log.bytes() - first).isLessThan(NODES);
  }

  static LongStream seeds() {
    return LongStream.range(0, Rounds.of("tiphys.seeds", 50));
  }

  /// Whatever comes and goes, nothing is counted twice or left behind.
  @ParameterizedTest
  @MethodSource("seeds")
  void whenAllPodsAreGoneNothingIsTaken(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PodInfo> pods = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      PodInfo pod =
          pods.isEmpty() || random.nextBoolean() ? pod() : pods.get(random.nextInt(pods.size()));
      switch (random.nextInt(5)) {
        case 0 -> log.forget(pod);
        case 1 -> log.amend(pod, attempt());
        case 2 -> log.add(pod, thought(random));
        default -> log.note(pod, attempt(), random.nextInt(5) == 0 ? null : table(random));
      }
      pods.add(pod);
      assertThat(log.bytes()).as("seed %d, step %d", seed, step).isBetween(0L, MOST);
    }
    pods.forEach(log::forget);
    assertThat(log.bytes()).as("seed %d", seed).isZero();
  }

  private Afterthought thought(SplittableRandom random) {
    Object[] refusals = new Object[NODES];
    refusals[random.nextInt(NODES)] = "refusal";
    return new Afterthought(
        Instant.EPOCH,
        false,
        Optional.empty(),
        NODES,
        roster,
        List.of(new Afterthought.ByPlugin("One", Column.of(null, refusals, NODES))));
  }
}
