package dev.tiphys.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionPriorityTest {

  @Test
  void stableVersionsComeBeforeBetaBeforeAlphaBeforeOthers() {
    List<String> ordered =
        List.of(
            "v10",
            "v2",
            "v1",
            "v11beta2",
            "v10beta3",
            "v3beta1",
            "v12alpha1",
            "v11alpha2",
            "foo1",
            "foo10",
            "v0");

    assertThat(ordered.reversed().stream().sorted(VersionPriority.ORDER)).isEqualTo(ordered);
  }
}
