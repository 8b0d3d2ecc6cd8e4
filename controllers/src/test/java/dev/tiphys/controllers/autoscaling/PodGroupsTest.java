package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodGroupsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static String ago(long seconds) {
    return Timestamps.seconds(NOW.minusSeconds(seconds));
  }

  /// @param ready what its condition says; empty for none
  private static Struct pod(String phase, String ready, long started, long changed) {
    StructBuilder status = new StructBuilder().add("phase", phase).add("startTime", ago(started));
    if (!ready.isEmpty()) {
      status.add(
          "conditions",
          List.of(Struct.of("type", "Ready", "status", ready, "lastTransitionTime", ago(changed))));
    }
    return Struct.of("metadata", Struct.of("name", "a"), "status", status.build());
  }

  private static Map<String, Sample> sample(long age) {
    return Map.of("a", new Sample(1, NOW.minusSeconds(age), Duration.ofSeconds(30)));
  }

  private static String group(Struct pod, Map<String, Sample> samples, boolean cpu) {
    PodGroups groups = PodGroups.of(List.of(pod), samples, cpu, NOW);
    if (groups.unready().contains("a")) {
      return "unready";
    }
    if (groups.missing().contains("a")) {
      return "missing";
    }
    return groups.ignored().contains("a") ? "ignored" : groups.ready() == 1 ? "ready" : "none";
  }

  /// Times are seconds ago; the window of each sample is 30 seconds.
  @ParameterizedTest
  @CsvSource({
    // phase, Ready, started, changed, sample, of the CPU, of anything else
    "Running, True,  600, 590, 10, ready,   ready",
    "Running, True,  100, 90,  10, ready,   ready", // a whole window since it is ready
    "Running, True,  100, 90,  70, unready, ready", // a part of it from before
    "Running, True,  100, 35,  10, unready, ready",
    "Running, False, 100, 90,  10, unready, ready",
    "Running, False, 600, 580, 10, unready, ready", // has never been ready
    "Running, False, 600, 100, 10, ready,   ready", // has been, and is overloaded
    "Running, '',    600, 600, 10, unready, ready",
    "Pending, False, 600, 600, 10, unready, unready",
    "Failed,  False, 600, 600, 10, ignored, ignored",
    "Succeeded, False, 600, 100, 10, ready, ready",
  })
  void aPodsPlaceDependsOnItsStateAndItsSample(
      String phase,
      String ready,
      long started,
      long changed,
      long age,
      String ofCpu,
      String ofOther) {
    Struct pod = pod(phase, ready, started, changed);

    assertThat(group(pod, sample(age), true)).isEqualTo(ofCpu);
    assertThat(group(pod, sample(age), false)).isEqualTo(ofOther);
  }

  @Test
  void aPodWithoutASampleIsMissed() {
    assertThat(group(pod("Running", "True", 600, 590), Map.of(), true)).isEqualTo("missing");
    assertThat(group(pod("Pending", "False", 600, 590), Map.of(), true)).isEqualTo("unready");
  }

  @Test
  void aPodThatIsBeingDeletedIsIgnored() {
    Struct pod = pod("Running", "True", 600, 590).withAt(ago(1), "metadata", "deletionTimestamp");

    assertThat(group(pod, sample(10), true)).isEqualTo("ignored");
  }

  @Test
  void onlyPodsThatRunAndAreReadyWork() {
    assertThat(
            PodGroups.working(
                List.of(
                    pod("Running", "True", 600, 590),
                    pod("Running", "False", 600, 590),
                    pod("Pending", "True", 600, 590))))
        .isEqualTo(1);
  }
}
