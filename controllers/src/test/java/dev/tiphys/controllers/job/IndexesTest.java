package dev.tiphys.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexesTest {

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'0', '0', 1",
    "'0,2-4', '0,2-4', 4",
    "'0,1', '0,1', 2",
    "'0-1,2', '0-2', 3",
    "'3-20', '3-9', 7",
    "'12', '', 0",
    "'x,4', '4', 1",
    "'5,3', '5', 1",
  })
  void textsAreRead(String text, String normal, long size) {
    Indexes indexes = Indexes.parse(text, 10);
    assertThat(indexes).hasToString(normal);
    assertThat(indexes.size()).isEqualTo(size);
  }

  @Test
  void theyAreASet() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      Indexes indexes = new Indexes();
      Indexes other = new Indexes();
      TreeSet<Long> truth = new TreeSet<>();
      TreeSet<Long> otherTruth = new TreeSet<>();
      for (int i = 0; i < 30; i++) {
        long index = random.nextInt(40);
        assertThat(indexes.add(index)).isEqualTo(truth.add(index));
        long second = random.nextInt(40);
        assertThat(other.add(second)).isEqualTo(otherTruth.add(second));
      }
      assertThat(indexes.size()).isEqualTo(truth.size());
      for (long i = 0; i < 42; i++) {
        assertThat(indexes.contains(i)).isEqualTo(truth.contains(i));
      }
      assertThat(Indexes.parse(indexes.toString(), 40)).hasToString(indexes.toString());
      otherTruth.retainAll(truth);
      assertThat(indexes.common(other)).isEqualTo(otherTruth.size());
    }
  }
}
