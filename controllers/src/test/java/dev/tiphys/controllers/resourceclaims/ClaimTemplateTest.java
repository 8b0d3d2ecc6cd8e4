package dev.tiphys.controllers.resourceclaims;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClaimTemplateTest {

  @Test
  void aNameIsMadeOfBothNames() {
    assertThat(ClaimTemplate.base("web", "gpu")).isEqualTo("web-gpu-");
  }

  @Test
  void longNamesLoseTheirEndsInProportion() {
    String base = ClaimTemplate.base("p".repeat(80), "c".repeat(40));

    assertThat(base).isEqualTo("p".repeat(37) + "-" + "c".repeat(18) + "-");
  }
}
