package dev.tiphys.scheduler.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {

  private static final String SPREAD =
      "'topologySpreadConstraints':[{'maxSkew':2,'topologyKey':'zone','whenUnsatisfiable':"
          + "'DoNotSchedule','labelSelector':{'matchLabels':{'app':'0'}}}],";
  private static final String APART =
      "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
          + "[{'labelSelector':{'matchLabels':{'app':'1'}},'topologyKey':'host'}]}},";

  private final Fixture fixture = new Fixture();

  /// Whatever happens to the cluster, what is kept from one Pod to the next says the same as what
  /// is worked out anew.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsKeptIsWhatWouldBeFoundAnew(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PodInfo[] kinds = {pod(0, SPREAD), pod(1, APART), pod(2, "")};
    Evaluation[] kept = new Evaluation[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      kept[i] = fixture.evaluation(kinds[i]);
    }
    for (int step = 0; step < 300; step++) {
      happen(random);
      int kind = random.nextInt(kinds.length);
      assertThat(describe(kept[kind], kinds[kind]))
          .as("seed %d, step %d", seed, step)
          .isEqualTo(describe(fixture.evaluation(kinds[kind]), kinds[kind]));
    }
  }

  private PodInfo pod(int app, String spec) {
    return fixture.pod(
        "'app':'" + app + "'", spec + "'containers':[{'resources':{'requests':{'cpu':'1'}}}]");
  }

  private void happen(SplittableRandom random) {
    String node = "n" + random.nextInt(6);
    switch (random.nextInt(8)) {
      case 0 -> fixture.cluster.forgetNode(node);
      case 1, 2 ->
          fixture.node(
              node,
              "'host':'" + node + "','zone':'" + random.nextInt(3) + "'",
              random.nextInt(3) == 0 ? "'spec':{'unschedulable':true}" : "");
      case 3 -> {
        var nodes = fixture.cluster.nodes();
        if (!nodes.isEmpty()) {
          var pods = nodes.get(random.nextInt(nodes.size())).pods();
          if (!pods.isEmpty()) {
            fixture.cluster.remove(pods.get(random.nextInt(pods.size())));
          }
        }
      }
      default ->
          fixture.placed(
              node,
              "'app':'" + random.nextInt(3) + "'",
              (random.nextBoolean() ? APART : "")
                  + "'containers':[{'resources':{'requests':{'cpu':'500m'}}}]");
    }
  }

  private String describe(Evaluation evaluation, PodInfo pod) {
    Slots feasible = evaluation.feasible(fixture.state, pod, fixture.nominations);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < feasible.size(); i++) {
      text.append(feasible.at(i)).append(' ');
    }
    return feasible.isEmpty()
        ? evaluation.diagnosis(pod, fixture.nominations).message(fixture.cluster.nodes().size())
        : text.append(evaluation.best(fixture.state, pod, new SplittableRandom(7))).toString();
  }

  /// Places are kept for them, though nothing of the cluster changes.
  @Test
  void nodesThatAreOnlySpokenOfAreNoNodes() {
    fixture.node("n");
    PodInfo pod = fixture.pod("", cpu(9));
    Evaluation evaluation = fixture.evaluation(pod);
    for (int i = 0; i < 100; i++) {
      fixture.nominations.put(fixture.pod("", cpu(1)), "unknown-" + i);
    }

    assertThat(evaluation.feasible(fixture.state, pod, fixture.nominations).isEmpty()).isTrue();
    Diagnosis diagnosis = evaluation.diagnosis(pod, fixture.nominations);
    assertThat(diagnosis.message(1)).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
    assertThat(evaluation.found(new Roster(fixture.cluster).names(), diagnosis).tree()).hasSize(1);
  }

  @Test
  void roomThatIsBeingMadeIsNotGivenToLessImportantPods() {
    fixture.node("n");
    PodInfo important = fixture.pod("", "'priority':5," + cpu(3));
    fixture.nominations.put(important, "n");

    assertThat(fixture.feasible(fixture.pod("", cpu(2)))).isEmpty();
    assertThat(fixture.message(fixture.pod("", cpu(2))))
        .isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
    assertThat(fixture.feasible(fixture.pod("", cpu(1)))).containsExactly("n");
    assertThat(fixture.feasible(fixture.pod("", "'priority':6," + cpu(2)))).containsExactly("n");
    assertThat(fixture.feasible(important)).containsExactly("n");
  }

  private static String cpu(int cores) {
    return "'containers':[{'resources':{'requests':{'cpu':'" + cores + "'}}}]";
  }
}
