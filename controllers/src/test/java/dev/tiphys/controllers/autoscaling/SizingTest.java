package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizingTest {

  private static final Sizing.Range RANGE = new Sizing.Range(2, 100);

  private final History history = new History();
  private long now;

  private static Behavior behavior(String yaml) {
    Struct usual =
        Yaml.struct(
            """
            scaleUp:
              stabilizationWindowSeconds: 0
              policies: [{type: Pods, value: 4, periodSeconds: 15},
                         {type: Percent, value: 100, periodSeconds: 15}]
            scaleDown:
              policies: [{type: Percent, value: 100, periodSeconds: 15}]
            """);
    Struct given = Yaml.struct(yaml);
    return Behavior.of(
        Struct.of(
            "scaleUp", merged(usual, given, "scaleUp"),
            "scaleDown", merged(usual, given, "scaleDown")));
  }

  private static Struct merged(Struct usual, Struct given, String direction) {
    Struct[] result = {usual.struct(direction)};
    given.struct(direction).forEach((name, value) -> result[0] = result[0].with(name, value));
    return result[0];
  }

  private Sizing size(@Nullable Behavior behavior, long current, long desired) {
    history.begin(current, now);
    Sizing sizing = Sizing.of(behavior, RANGE, current, desired, history, now);
    if (sizing.replicas() != current) {
      history.change(current, sizing.replicas(), now);
    }
    return sizing;
  }

  private void pass(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          5,  7,   7,   DesiredWithinRange, false
          5,  30,  10,  ScaleUpLimit,       true
          1,  9,   4,   ScaleUpLimit,       true
          80, 170, 100, TooManyReplicas,    true
          """)
  void withoutRulesASizeMayDouble(
      long current, long desired, long expected, String reason, boolean limited) {
    Sizing sizing = size(null, current, desired);

    assertThat(sizing.replicas()).isEqualTo(expected);
    assertThat(sizing.limited().reason()).isEqualTo(reason);
    assertThat(sizing.isLimited()).isEqualTo(limited);
    assertThat(sizing.able().reason()).isEqualTo("ReadyForNewScale");
  }

  @Test
  void whatWasAskedForInTheLastFiveMinutesHoldsASizeUp() {
    assertThat(size(null, 5, 1).replicas()).isEqualTo(5);
    pass(290);
    Sizing held = size(null, 5, 1);
    assertThat(held.replicas()).isEqualTo(5);
    assertThat(held.able().reason()).isEqualTo("ScaleDownStabilized");
    assertThat(held.able().message())
        .isEqualTo(
            "recent recommendations were higher than current one, applying the highest recent"
                + " recommendation");
    pass(15);
    Sizing shrunk = size(null, 5, 1);
    assertThat(shrunk.replicas()).isEqualTo(2);
    assertThat(shrunk.limited().reason()).isEqualTo("TooFewReplicas");
  }

  /// The sizes that follow each other when `desired` is asked for every `seconds`.
  private List<Long> course(Behavior behavior, long current, long desired, long seconds) {
    List<Long> sizes = new ArrayList<>();
    long size = current;
    for (int i = 0; i < 5; i++) {
      size = size(behavior, size, desired).replicas();
      sizes.add(size);
      pass(seconds);
    }
    return sizes;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scaleUp: {}                                                                       | 1  | 60 | 15 | 5, 10, 20, 40, 60
          scaleUp: {policies: [{type: Pods, value: 2, periodSeconds: 60}]}                  | 3  | 60 | 15 | 5, 5, 5, 5, 7
          scaleUp: {policies: [{type: Percent, value: 10, periodSeconds: 15}]}              | 3  | 60 | 15 | 4, 5, 6, 7, 8
          scaleUp: {policies: [{type: Percent, value: 50, periodSeconds: 30}]}              | 4  | 60 | 15 | 6, 6, 9, 9, 14
          scaleUp: {selectPolicy: Min}                                                      | 3  | 60 | 15 | 6, 10, 14, 18, 22
          scaleUp: {selectPolicy: Disabled}                                                 | 3  | 60 | 15 | 3, 3, 3, 3, 3
          scaleDown: {stabilizationWindowSeconds: 0}                                        | 50 | 10 | 15 | 10, 10, 10, 10, 10
          scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Percent, value: 10, periodSeconds: 15}]} | 50 | 10 | 15 | 45, 40, 36, 32, 28
          scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 5, periodSeconds: 60}]}     | 50 | 10 | 20 | 45, 45, 45, 40, 40
          scaleDown: {stabilizationWindowSeconds: 0, selectPolicy: Disabled}                | 50 | 10 | 15 | 50, 50, 50, 50, 50
          scaleDown: {stabilizationWindowSeconds: 0, selectPolicy: Min, policies: [{type: Pods, value: 1, periodSeconds: 15}, {type: Percent, value: 50, periodSeconds: 15}]} | 50 | 10 | 15 | 49, 48, 47, 46, 45
          scaleDown: {}                                                                     | 50 | 10 | 100 | 50, 50, 50, 10, 10
          """)
  void rulesSayHowFastASizeMayChange(
      String yaml, long current, long desired, long seconds, String expected) {
    assertThat(course(behavior(yaml), current, desired, seconds).toString())
        .isEqualTo("[" + expected + "]");
  }

  @Test
  void growthCanBeHeldBackByWhatWasAskedForBefore() {
    Behavior slow = behavior("scaleUp: {stabilizationWindowSeconds: 60}");
    assertThat(size(slow, 3, 3).replicas()).isEqualTo(3);
    pass(30);
    Sizing held = size(slow, 3, 8);
    assertThat(held.replicas()).isEqualTo(3);
    assertThat(held.able().reason()).isEqualTo("ScaleUpStabilized");
    pass(45);
    assertThat(size(slow, 3, 6).replicas()).isEqualTo(6);
  }

  @Test
  void whatShrankWithinThePeriodMayGrowBack() {
    Behavior both =
        behavior(
            """
            scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 60}]}
            scaleDown: {stabilizationWindowSeconds: 0}
            """);
    assertThat(size(both, 10, 4).replicas()).isEqualTo(4);
    pass(15);
    assertThat(size(both, 4, 50).replicas()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({"50, 5, ScaleDownLimit", "3, 1, TooFewReplicas"})
  void aLimitOnShrinkingIsTold(long current, long desired, String reason) {
    Behavior slow =
        behavior(
            "scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 3,"
                + " periodSeconds: 15}]}");

    Sizing sizing = size(slow, current, desired);

    assertThat(sizing.isLimited()).isTrue();
    assertThat(sizing.limited().reason()).isEqualTo(reason);
  }
}
