package dev.tiphys.controllers.tainteviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToleranceTest {

  private static final Struct A = Yaml.struct("{key: a, value: x, effect: NoExecute}");
  private static final Struct B = Yaml.struct("{key: b, effect: NoExecute}");

  private static Tolerance of(List<Struct> taints, String... tolerations) {
    return Tolerance.of(taints, List.of(tolerations).stream().map(Yaml::struct).toList());
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
