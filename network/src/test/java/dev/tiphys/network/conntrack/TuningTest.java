package dev.tiphys.network.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is written to the files by which a kernel is told.
class TuningTest {
  @TempDir private Path settings;

  /// A kernel's own.
  private static final Map<String, Integer> BEFORE =
      Map.of(
          "nf_conntrack_max", 65_536,
          "nf_conntrack_tcp_timeout_established", 432_000,
          "nf_conntrack_tcp_timeout_close_wait", 60,
          "nf_conntrack_tcp_be_liberal", 0,
          "nf_conntrack_udp_timeout", 30,
          "nf_conntrack_udp_timeout_stream", 120,
          "hashsize", 16_384);

  @BeforeEach
  void begin() throws IOException {
    for (Map.Entry<String, Integer> one : BEFORE.entrySet()) {
      Files.writeString(settings.resolve(one.getKey()), one.getValue() + "\n");
    }
  }

  private Map<String, Integer> changed(Tuning tuning, int cores) throws IOException {
    tuning.apply(settings, settings.resolve("hashsize"), cores);
    Map<String, Integer> changed = new TreeMap<>();
    for (Map.Entry<String, Integer> one : BEFORE.entrySet()) {
      Path file = settings.resolve(one.getKey());
      int now = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : -1;
      if (now != one.getValue()) {
        changed.put(one.getKey(), now);
      }
    }
    return changed;
  }

  @ParameterizedTest
  @CsvSource({"1, 131072", "4, 131072", "8, 262144", "100, 3276800"})
  void theUsualRaisesByProcessorsAndLowersNothing(int cores, int most) throws IOException {
    assertThat(changed(Tuning.USUAL, cores))
        .isEqualTo(
            Map.of(
                "nf_conntrack_max",
                most,
                "hashsize",
                most / 4,
                "nf_conntrack_tcp_timeout_close_wait",
                3600));
  }

  @Test
  void whatIsHigherAlreadyStays() throws IOException {
    Files.writeString(settings.resolve("nf_conntrack_max"), "1000000");
    Files.writeString(settings.resolve("hashsize"), "900000");

    assertThat(changed(Tuning.USUAL, 2))
        .containsEntry("nf_conntrack_max", 1_000_000)
        .containsEntry("hashsize", 900_000);
  }

  @Test
  void zeroLeavesAllAsItIs() throws IOException {
    Duration none = Duration.ZERO;

    assertThat(changed(new Tuning(0, 131_072, none, none, false, none, none), 2)).isEmpty();
  }

  @Test
  void allThatIsAskedForIsSet() throws IOException {
    Duration day = Duration.ofDays(10);

    assertThat(changed(new Tuning(0, 0, day, day, true, day, day), 2))
        .isEqualTo(
            Map.of(
                "nf_conntrack_tcp_timeout_established", 864_000,
                "nf_conntrack_tcp_timeout_close_wait", 864_000,
                "nf_conntrack_tcp_be_liberal", 1,
                "nf_conntrack_udp_timeout", 864_000,
                "nf_conntrack_udp_timeout_stream", 864_000));
  }

  @Test
  void whatCannotBeWrittenKeepsNothingFromTheRest() throws IOException {
    Files.delete(settings.resolve("nf_conntrack_max"));

    assertThat(changed(Tuning.USUAL, 2))
        .containsEntry("nf_conntrack_tcp_timeout_close_wait", 3600)
        .containsEntry("nf_conntrack_max", -1);
  }
}
