package dev.tiphys.controllers.nodettl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheTtlTest {

  private static List<Integer> course(int... sizes) {
    CacheTtl ttl = new CacheTtl();
    List<Integer> seconds = new ArrayList<>();
    for (int size : sizes) {
      seconds.add(ttl.seconds(size));
    }
    return seconds;
  }

  @Test
  void itGrowsWithTheCluster() {
    assertThat(course(0, 100, 101, 500, 501, 1000, 1001, 2000, 2001, 9000))
        .containsExactly(0, 0, 15, 15, 30, 30, 60, 60, 300, 300);
    assertThat(course(5000)).containsExactly(300);
  }

  @Test
  void onTheWayDownTheLimitsAreATenthLower() {
    assertThat(course(3000, 1800, 1799, 900, 899, 450, 449, 90, 89, 0))
        .containsExactly(300, 300, 60, 60, 30, 30, 15, 15, 0, 0);
    assertThat(course(101, 95, 101, 95)).containsExactly(15, 15, 15, 15);
  }
}
