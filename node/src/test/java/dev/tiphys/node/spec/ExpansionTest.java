package dev.tiphys.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "$(A), 1",
    "x$(A)$(B)y, x12y",
    "$$(A), $(A)",
    "$$$(A), $1",
    "$(MISSING), $(MISSING)",
    "$(A, $(A",
    "$A, $A",
    "costs 5$, costs 5$",
    "$(EMPTY)!, !",
  })
  void onlyKnownNamesInBracketsAreReplaced(String text, String expected) {
    assertThat(Expansion.of(text, Map.of("A", "1", "B", "2", "EMPTY", ""))).isEqualTo(expected);
  }
}
