package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the status tells of how long an update takes.
class DurationTest {

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.rollout(2, "canary: {steps: [{setWeight: 50}, {pause: {}}, {pause: {duration: 5m}}]}");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private Struct duration() {
    return it.status().struct("duration");
  }

  private String how() {
    return duration().string("completionStatus");
  }

  private Instant time(String field) {
    return Objects.requireNonNullElse(Timestamps.of(duration().get(field)), Instant.EPOCH);
  }

  @Test
  void itTellsSinceWhenAndHowLongForPeople() {
    assertThat(how()).isEqualTo("Promoted");
    Instant first = time("rolloutStartedAt");
    it.image("web:2");
    it.settle();
    assertThat(how()).isEmpty();
    assertThat(time("rolloutStartedAt")).isAfter(first);
    assertThat(duration().has("manualPauseStartedAt")).isTrue();
    it.advance(100);
    it.promote();
    it.advance(10);
    assertThat(duration().has("manualPauseStartedAt")).isFalse();
    assertThat(duration().integer("totalManualPauseDurationSeconds")).isBetween(100L, 170L);
    it.advance(400);
    assertThat(how()).isEqualTo("Promoted");
    assertThat(Duration.between(time("rolloutStartedAt"), time("finishedAt")).toSeconds())
        .isBetween(400L, 600L);
  }

  @Test
  void itTellsHowAnUpdateEnded() {
    it.image("web:2");
    it.settle();
    it.abort();
    it.settle();
    assertThat(how()).isEqualTo("Aborted");
    it.retry();
    it.settle();
    assertThat(how()).isEmpty();
    it.promoteFully();
    it.settle();
    assertThat(how()).isEqualTo("FastPromoted");
    it.image("web:3");
    it.settle();
    it.image("web:2");
    it.settle();
    it.settle();
    assertThat(how()).isEqualTo("RolledBack");
  }

  @Test
  void anUpdateThatIsReplacedBeginsAnew() {
    it.image("web:2");
    it.settle();
    Instant second = time("rolloutStartedAt");
    it.image("web:3");
    it.settle();
    assertThat(time("rolloutStartedAt")).isAfter(second);
    assertThat(how()).isEmpty();
  }
}
