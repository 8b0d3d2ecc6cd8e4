package dev.tiphys.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.sync.PodStage.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PodStageTest {

  @ParameterizedTest
  @CsvSource({
    "SYNCING, FINISHED, TERMINATING",
    "SYNCING, REFUSED, RELEASING",
    "TERMINATING, STOPPED, RELEASING",
    "RELEASING, RELEASED, TERMINATED",
    "TERMINATED, OBJECT_GONE, REMOVING",
    "REMOVING, REMOVED, GONE"
  })
  void goesForwards(PodStage stage, Event event, PodStage next) {
    assertThat(stage.after(event)).isEqualTo(next);
  }

  @ParameterizedTest
  @EnumSource(PodStage.class)
  void neverBackwards(PodStage stage) {
    for (Event event : Event.values()) {
      try {
        assertThat(stage.after(event)).isGreaterThan(stage);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage(event + " cannot happen to a Pod that is " + stage);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Event.class)
  void nothingHappensToAPodThatIsGone(Event event) {
    assertThatThrownBy(() -> PodStage.GONE.after(event)).isInstanceOf(IllegalStateException.class);
  }
}
