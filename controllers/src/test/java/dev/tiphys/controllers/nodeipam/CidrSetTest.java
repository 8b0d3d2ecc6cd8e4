package dev.tiphys.controllers.nodeipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrSetTest {

  private static CidrSet set(String range, int bits) {
    return new CidrSet(range, bits, new AddressRangeMetrics());
  }

  private static List<String> takeAll(CidrSet set) {
    List<String> taken = new ArrayList<>();
    for (var range = set.take(); range.isPresent(); range = set.take()) {
      taken.add(range.get());
    }
    return taken;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.244.0.0/22 | 24 | 10.244.0.0/24 10.244.1.0/24 10.244.2.0/24 10.244.3.0/24",
        "10.244.3.7/22 | 24 | 10.244.0.0/24 10.244.1.0/24 10.244.2.0/24 10.244.3.0/24",
        "192.168.1.128/25 | 26 | 192.168.1.128/26 192.168.1.192/26",
        "200.0.0.0/8 | 8 | 200.0.0.0/8",
        "fd00:10:244::/63 | 64 | fd00:10:244::/64 fd00:10:244:1::/64",
        "2001:db8:1:3::/64 | 65 | 2001:db8:1:3::/65 2001:db8:1:3:8000::/65",
        "::/0 | 1 | ::/1 8000::/1"
      })
  void dividesTheWholeIntoPartsInOrder(String whole, int bits, String parts) {
    assertThat(takeAll(set(whole, bits))).containsExactly(parts.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.0/22 | 10.0.1.0/24 | true | 10.0.0.0/24 10.0.2.0/24 10.0.3.0/24",
        "10.0.0.0/22 | 10.0.1.128/25 | true | 10.0.0.0/24 10.0.2.0/24 10.0.3.0/24",
        "10.0.0.0/22 | 10.0.2.0/23 | true | 10.0.0.0/24 10.0.1.0/24",
        "10.0.0.0/22 | 10.0.0.0/8 | true | ''",
        "10.0.0.0/22 | 10.0.4.0/24 | false | 10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24",
        "10.0.0.0/22 | 9.0.0.0/8 | false | 10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24",
        "10.0.0.0/22 | fd00::/64 | false | 10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24"
      })
  void whatIsOccupiedIsNotGivenOut(String whole, String occupied, boolean inside, String left) {
    CidrSet set = set(whole, 24);

    assertThat(set.occupy(occupied)).isEqualTo(inside);

    assertThat(String.join(" ", takeAll(set))).isEqualTo(left);
  }

  @Test
  void whatWasGivenBackIsGivenOutAgainWhenItsTurnComes() {
    CidrSet set = set("10.0.0.0/22", 24);
    assertThat(set.take()).contains("10.0.0.0/24");
    assertThat(set.take()).contains("10.0.1.0/24");

    set.release("10.0.0.0/24");

    assertThat(takeAll(set)).containsExactly("10.0.2.0/24", "10.0.3.0/24", "10.0.0.0/24");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/24, 16", "10.0.0.0/8, 25", "10.0.0.0/16, 33", "10.0.0.0, 24", "x/8, 24"})
  void whatCannotBeDividedIsRefused(String whole, int bits) {
    assertThatThrownBy(() -> set(whole, bits)).isInstanceOf(IllegalArgumentException.class);
  }
}
