package dev.tiphys.controllers.tainteviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToleranceTest {

  private static final Taint A = new Taint("a", "x", Taint.Effect.NO_EXECUTE);
  private static final Taint B = new Taint("b", "", Taint.Effect.NO_EXECUTE);

  private static Tolerance of(List<Taint> taints, String... tolerations) {
    List<Struct> given = List.of(tolerations).stream().map(Yaml::struct).toList();
    return Tolerance.of(taints, Toleration.of(Struct.of("tolerations", given)));
  }

  private static Tolerance limited(long seconds) {
    return new Tolerance.Limited(seconds);
  }

  @Test
  void withoutTaintsAPodStays() {
    assertThat(of(List.of())).isEqualTo(new Tolerance.Unlimited());
  }

  @Test
  void aTaintThatIsNotToleratedLeavesNoTime() {
    assertThat(of(List.of(A))).isEqualTo(limited(0));
    assertThat(of(List.of(A), "{key: a, value: y, effect: NoExecute}")).isEqualTo(limited(0));
    assertThat(of(List.of(A), "{key: a, value: x, effect: NoSchedule}")).isEqualTo(limited(0));
  }

  @Test
  void everythingIsToleratedByAnEmptyKeyThatExists() {
    assertThat(of(List.of(A, B), "{operator: Exists}")).isEqualTo(new Tolerance.Unlimited());
  }

  @Test
  void theShortestTimeCounts() {
    assertThat(
            of(
                List.of(A, B),
                "{key: a, operator: Exists, tolerationSeconds: 300}",
                "{key: b, operator: Exists, tolerationSeconds: 20}"))
        .isEqualTo(limited(20));
    assertThat(
            of(List.of(A, B), "{key: a, value: x, tolerationSeconds: 300}", "{operator: Exists}"))
        .isEqualTo(limited(300));
  }
}
