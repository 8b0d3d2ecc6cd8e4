package dev.tiphys.node.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.probes.Answer.Verdict;
import org.junit.jupiter.api.Test;

class ProbeStateTest {
  @Test
  void onlySeveralFailuresInARowCount() {
    ProbeState state = ProbeState.initial(true);
    for (Verdict verdict :
        new Verdict[] {Verdict.FAILURE, Verdict.FAILURE, Verdict.SUCCESS, Verdict.FAILURE}) {
      state = state.after(verdict, 1, 3);
    }
    assertThat(state.healthy()).isTrue();

    state = state.after(Verdict.FAILURE, 1, 3).after(Verdict.FAILURE, 1, 3);
    assertThat(state.healthy()).isFalse();
    assertThat(state.after(Verdict.SUCCESS, 1, 3).healthy()).isTrue();
  }

  @Test
  void whatCouldNotBeAskedChangesNothing() {
    ProbeState state = ProbeState.initial(false).after(Verdict.SUCCESS, 2, 3);

    assertThat(state.after(Verdict.UNKNOWN, 2, 3)).isEqualTo(state);
    assertThat(state.after(Verdict.UNKNOWN, 2, 3).after(Verdict.SUCCESS, 2, 3).healthy()).isTrue();
  }
}
