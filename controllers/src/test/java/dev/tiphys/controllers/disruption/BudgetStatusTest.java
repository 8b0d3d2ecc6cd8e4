package dev.tiphys.controllers.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.common.SelectorText;
import dev.tiphys.controllers.disruption.BudgetStatus.Expectation;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetStatusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  private static Struct pod(String name, boolean ready, boolean leaving) {
    return Yaml.struct(
        """
        metadata: {name: %s%s}
        status: {conditions: [{type: Ready, status: "%s"}]}
        """
            .formatted(
                name,
                leaving ? ", deletionTimestamp: \"2026-01-01T00:00:00Z\"" : "",
                ready ? "True" : "False"));
  }

  private static List<Struct> pods(int ready, int unready) {
    List<Struct> pods = new ArrayList<>();
    for (int i = 0; i < ready + unready; i++) {
      pods.add(pod("p" + i, i < ready, false));
    }
    return pods;
  }

  private static Struct budget(String spec, String status) {
    return Yaml.struct(
        "metadata: {name: b, generation: 3}\nspec: {%s}\nstatus: {%s}\n".formatted(spec, status));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // spec | ready | unready | scale | expected | desired | allowed
        "minAvailable: 2 | 3 | 0 | 99 | 3 | 2 | 1",
        "minAvailable: 2 | 2 | 1 | 99 | 3 | 2 | 0",
        "minAvailable: 5 | 3 | 0 | 99 | 3 | 5 | 0",
        "minAvailable: 0 | 3 | 0 | 99 | 3 | 0 | 3",
        "minAvailable: 0 | 0 | 0 | 99 | 0 | 0 | 0",
        "minAvailable: '50%' | 5 | 0 | 5 | 5 | 3 | 2",
        "minAvailable: '50%' | 5 | 0 | 10 | 10 | 5 | 0",
        "minAvailable: '100%' | 5 | 0 | 5 | 5 | 5 | 0",
        "maxUnavailable: 1 | 5 | 0 | 5 | 5 | 4 | 1",
        "maxUnavailable: 1 | 4 | 1 | 5 | 5 | 4 | 0",
        "maxUnavailable: 9 | 5 | 0 | 5 | 5 | 0 | 5",
        "maxUnavailable: '30%' | 5 | 0 | 5 | 5 | 3 | 2",
        "maxUnavailable: '0%' | 5 | 0 | 5 | 5 | 5 | 0",
        "maxUnavailable: 1 | 5 | 0 | 0 | 0 | 0 | 0",
        "'' | 5 | 0 | 5 | 0 | 0 | 0"
      })
  void countsAsUpstreamDoes(
      String spec, int ready, int unready, long scale, long expected, long desired, long allowed) {
    Struct budget = budget(spec, "");
    List<Struct> pods = pods(ready, unready);

    Expectation expectation = BudgetStatus.expectation(budget, pods, scale);
    Struct status = BudgetStatus.of(budget, pods, expectation, NOW).status();

    assertThat(expectation).isEqualTo(new Expectation(expected, desired));
    assertThat(status.integer("expectedPods")).isEqualTo(expected);
    assertThat(status.integer("desiredHealthy")).isEqualTo(desired);
    assertThat(status.integer("currentHealthy")).isEqualTo(ready);
    assertThat(status.integer("disruptionsAllowed")).isEqualTo(allowed);
    assertThat(status.integer("observedGeneration")).isEqualTo(3);
    assertThat(status.has("disruptedPods")).isFalse();
    assertThat(status.structs("conditions").getFirst())
        .isEqualTo(
            Yaml.struct(
                """
                type: DisruptionAllowed
                status: "%s"
                observedGeneration: 3
                lastTransitionTime: "2026-01-01T00:10:00Z"
                reason: %s
                message: ""
                """
                    .formatted(
                        allowed > 0 ? "True" : "False",
                        allowed > 0 ? "SufficientPods" : "InsufficientPods")));
  }

  @Test
  void podsThatAreLeavingOrGrantedToLeaveAreNotHealthy() {
    List<Struct> pods =
        List.of(
            pod("stays", true, false),
            pod("leaves", true, true),
            pod("granted", true, false),
            pod("late", true, false));
    Struct budget =
        budget(
            "minAvailable: 1",
            """
            disruptedPods: {
              leaves: "2026-01-01T00:09:00Z",
              granted: "2026-01-01T00:09:00Z",
              late: "2026-01-01T00:07:59Z",
              gone: "2026-01-01T00:09:59Z"}
            """);

    BudgetStatus next = BudgetStatus.of(budget, pods, new Expectation(4, 1), NOW);

    assertThat(next.status().integer("currentHealthy")).isEqualTo(2);
    assertThat(next.status().struct("disruptedPods").names()).containsExactly("granted");
    assertThat(next.notDeleted())
        .extracting(p -> p.string("metadata", "name"))
        .containsExactly("late");
    assertThat(next.recheck()).isEqualTo(Instant.parse("2026-01-01T00:11:00Z"));
  }

  @Test
  void aConditionThatStaysKeepsItsTimeAndOthersStay() {
    Struct budget =
        budget(
            "minAvailable: 1",
            """
            conditions: [
              {type: Other, status: "True"},
              {type: DisruptionAllowed, status: "True", reason: SufficientPods,
               lastTransitionTime: "2025-01-01T00:00:00Z"}]
            """);

    Struct stays = BudgetStatus.of(budget, pods(2, 0), new Expectation(2, 1), NOW).status();
    Struct changes = BudgetStatus.failed(budget, "no idea", NOW);

    assertThat(stays.structs("conditions")).hasSize(2);
    assertThat(stays.structs("conditions").get(1).string("lastTransitionTime"))
        .isEqualTo("2025-01-01T00:00:00Z");
    Struct failed = changes.structs("conditions").get(1);
    assertThat(failed.string("reason")).isEqualTo("SyncFailed");
    assertThat(failed.string("message")).isEqualTo("no idea");
    assertThat(failed.string("lastTransitionTime")).isEqualTo("2026-01-01T00:10:00Z");
    assertThat(changes.integer("disruptionsAllowed")).isZero();
  }

  @Test
  void aSelectorIsPrintedAsUpstreamDoes() {
    assertThat(
            SelectorText.of(
                Yaml.struct(
                    """
                    matchLabels: {b: "2", a: "1"}
                    matchExpressions: [{key: k, operator: In, values: [x, "y"]}]
                    """)))
        .isEqualTo(
            "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:"
                + "[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,"
                + "Values:[x y],},},}");
  }
}
