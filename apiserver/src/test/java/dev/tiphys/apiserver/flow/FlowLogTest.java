package dev.tiphys.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FlowLogTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final FlowLog log = new FlowLog(4);

  private void wrote(long revision, long cause, String name) {
    log.add(
        new FlowEvent(
            revision, cause, NOW, NOW, "part", "update", "pods", "default", name, "", true));
  }

  @Test
  void theOldestAreForgotten() {
    for (int revision = 1; revision <= 6; revision++) {
      wrote(revision, 0, "a");
    }

    assertThat(log.events()).extracting(FlowEvent::revision).containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void aTraceIsTheLastChangeFromOutsideAndAllThatFollowedFromIt() {
    wrote(1, 0, "a");
    wrote(2, 0, "b");
    wrote(3, 1, "c");
    wrote(4, 3, "a");

    assertThat(log.trace("pods", "default", "a"))
        .extracting(FlowEvent::revision)
        .containsExactly(1L, 3L, 4L);
    assertThat(log.trace("pods", "other", "a")).isEmpty();
    assertThat(log.trace("nodes", "default", "a")).isEmpty();
  }

  @Test
  void aChangeThatAnotherObjectsChangeBroughtAboutIsToldFromThere() {
    wrote(1, 0, "service");
    wrote(2, 0, "rollout");
    wrote(3, 2, "set");
    wrote(4, 3, "service");

    assertThat(log.trace("pods", "default", "service"))
        .extracting(FlowEvent::revision)
        .containsExactly(2L, 3L, 4L);
  }

  @Test
  void aChangeWhoseBeginningIsForgottenIsNotTold() {
    wrote(2, 1, "a");

    assertThat(log.trace("pods", "default", "a")).isEmpty();
  }
}
