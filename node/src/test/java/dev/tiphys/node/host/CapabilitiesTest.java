package dev.tiphys.node.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

  @Test
  void rootOfAWholeMachineMayLowerOomScores() {
    assertThat(Capabilities.in(List.of("CapEff:\t000001ffffffffff")).mayLowerOomScores()).isTrue();
  }

  @Test
  void rootWithoutSysResourceMayNot() {
    assertThat(Capabilities.in(List.of("Name:\tjava", "CapEff:\t000001fffeffffff")))
        .isEqualTo(new Capabilities(0x1fffeffffffL));
    assertThat(Capabilities.in(List.of("CapEff:\t000001fffeffffff")).mayLowerOomScores()).isFalse();
  }

  @Test
  void whoeverSaysNothingMayNothing() {
    assertThat(Capabilities.in(List.of("Name:\tjava")).effective()).isZero();
  }
}
