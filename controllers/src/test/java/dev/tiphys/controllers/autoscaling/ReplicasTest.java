package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Usage is written with a letter for each Pod: `a=300 b=500`.
class ReplicasTest {

  private static final Tolerance USUAL = new Tolerance(0.1, 0.1);

  private static Map<String, Long> usage(String text) {
    Map<String, Long> usage = new HashMap<>();
    for (String pod : text.split(" ")) {
      usage.put(pod.substring(0, 1), Long.parseLong(pod.substring(2)));
    }
    return usage;
  }

  private static Set<String> names(String letters) {
    return letters == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(letters.split("")));
  }

  private static PodGroups groups(Map<String, Long> usage, String unready, String missing) {
    return new PodGroups(usage.size(), names(unready), names(missing), Set.of());
  }

  /// Every Pod requests 1000.
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          a=300 b=500 c=700             | - | - | 30  | 3 | 5
          a=300 b=500 c=700             | - | - | 100 | 3 | 2
          a=510 b=480 c=530             | - | - | 50  | 3 | 3
          a=560 b=560 c=560             | - | - | 50  | 3 | 4
          # growing: Pods that do not work yet, or have no sample, use nothing
          a=300 b=500 c=700             | d | - | 30  | 4 | 5
          a=300 b=400                   | c | - | 30  | 3 | 3
          a=500 b=700                   | - | c | 30  | 3 | 4
          a=500 b=700                   | - | cd| 30  | 4 | 4
          a=1000 b=1000                 | e | cd| 50  | 5 | 5
          a=2000 b=2000                 | e | cd| 50  | 5 | 8
          # shrinking: those without a sample use all they request, others do not matter
          a=100 b=200 c=300             | - | d | 50  | 4 | 4
          a=100 b=100 c=100             | - | d | 90  | 4 | 2
          a=100 b=100 c=100             | d | - | 50  | 4 | 1
          a=100 b=100 c=100             | de| - | 50  | 5 | 1
          a=600                         | - | b | 100 | 1 | 1
          a=600                         | - | b | 150 | 2 | 2
          # neither
          a=500 b=500                   | - | c | 50  | 3 | 3
          """,
      delimiter = '|')
  void ofASharedRequest(
      String usage, String unready, String missing, long target, long current, long expected)
      throws MetricException {
    Map<String, Long> requests = new HashMap<>();
    names("abcdef").forEach(pod -> requests.put(pod, 1000L));
    Map<String, Long> used = usage(usage);

    assertThat(
            Replicas.ofPods(
                new Measure.Utilization(requests, target),
                used,
                groups(used, unready, missing),
                current,
                USUAL))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          a=20 b=10 c=30                | - | - | 15  | 3 | 4
          a=10 b=10 c=10                | - | - | 20  | 3 | 2
          a=20 b=21 c=19                | - | - | 20  | 3 | 3
          a=50 b=10 c=30                | d | - | 15  | 4 | 6
          a=50 b=10                     | c | d | 15  | 4 | 4
          a=10 b=10                     | - | c | 20  | 3 | 2
          a=1                           | - | b | 2   | 1 | 1
          """,
      delimiter = '|')
  void ofAnAverage(
      String usage, String unready, String missing, long target, long current, long expected)
      throws MetricException {
    Map<String, Long> used = usage(usage);

    assertThat(
            Replicas.ofPods(
                new Measure.Average(target), used, groups(used, unready, missing), current, USUAL))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1.09, 3, 3, 3",
    "1.11, 3, 3, 4",
    "0.91, 3, 3, 3",
    "0.5,  4, 4, 2",
    "2,    2, 4, 4", // only those that work share the load
    "0,    4, 4, 0",
    "0.3,  0, 0, 1",
    "0,    0, 0, 0",
    "1e12, 5, 5, 2147483647",
  })
  void ofAValueThatAllShare(double ratio, long working, long current, long expected) {
    assertThat(Replicas.ofWhole(ratio, working, current, USUAL)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "8000, 2000, 3, 4, 2667",
    "8600, 2000, 4, 4, 2150", // within the tolerance
    "1000, 2000, 4, 1, 250",
    "5000, 2000, 0, 3, 5000",
  })
  void ofAValueThatIsDividedAmongAll(long usage, long each, long present, long all, long part) {
    assertThat(Replicas.ofParts(usage, each, present, USUAL)).isEqualTo(all);
    assertThat(Replicas.part(usage, present)).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource({"0.94, 94", "0.96, 100", "1.4, 100", "1.6, 160"})
  void theToleranceOfEachDirectionIsItsOwn(double ratio, long expected) {
    assertThat(Replicas.ofWhole(ratio, 100, 100, new Tolerance(0.05, 0.5))).isEqualTo(expected);
  }
}
