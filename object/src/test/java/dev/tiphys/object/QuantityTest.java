package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0Mi, 0",
    "1, 1",
    "1000m, 1",
    "1500m, 1500m",
    "0.5, 500m",
    "1.5, 1500m",
    "1000, 1k",
    "1200, 1200",
    "100000, 100k",
    "1024Mi, 1Gi",
    "1536Mi, 1536Mi",
    "0.5Gi, 512Mi",
    "1Ki, 1Ki",
    "512, 512",
    "0.5Ki, 512",
    "1.5Ki, 1536",
    "0.1Ki, 102400m",
    "1e3, 1e3",
    "1500e0, 1500e0",
    "12E6, 12E6",
    "12E4, 120e3",
    "0.0001m, 100n",
    "1.500, 1.500",
    "007, 007",
    "-, 0",
    " 5 , 5",
    "1E, 1E",
    "0.1n, 1n",
    "-5, -5",
    "+5, +5",
    "+5Ki, +5Ki",
    "+8Ki, 8Ki",
    "1.000, 1",
    "10000000000000000000, 9223372036854775807",
    "100Ei, 9223372036854775807",
    "5.4321, 5432100u",
  })
  void theCanonicalTextIsUpstreams(String written, String canonical) {
    assertThat(Quantity.parse(written)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1.2.3", "1 Gi", "1GiB", ".", "1e", "1e1.5", "1i"})
  void whatIsNoQuantityIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void amountsAreRoundedUpToTheUnitAskedFor() {
    assertThat(Quantity.parse("1001m").units()).isEqualTo(2);
    assertThat(Quantity.parse("100u").milli()).isEqualTo(1);
    assertThat(Quantity.parse("2Gi").units()).isEqualTo(2L << 30);
    assertThat(Quantity.parse("1E").milli()).isEqualTo(Long.MAX_VALUE);
    assertThat(Quantity.parse("100u").roundedUpToMilli()).hasToString("1m");
  }

  @Test
  void quantitiesCompareByAmount() {
    assertThat(Quantity.parse("1000m"))
        .isEqualTo(Quantity.parse("1"))
        .hasSameHashCodeAs(Quantity.parse("1"));
    assertThat(Quantity.parse("1Ki")).isGreaterThan(Quantity.parse("1k"));
  }

  @Test
  void sumsKeepTheUnits() {
    assertThat(Quantity.parse("512Mi").plus(Quantity.parse("512Mi"))).hasToString("1Gi");
    assertThat(Quantity.ZERO.plus(Quantity.parse("64Mi"))).hasToString("64Mi");
    assertThat(Quantity.parse("2").minus(Quantity.parse("500m"))).hasToString("1500m");
    assertThat(Quantity.parse("100m").times(3)).hasToString("300m");
  }
}
