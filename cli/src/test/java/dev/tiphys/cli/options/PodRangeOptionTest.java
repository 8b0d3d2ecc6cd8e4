package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.data.DataDirectory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PodRangeOptionTest {

  private static PodRangeOption parsed(String... words) {
    Command command = new Command();
    new CommandLine(command).parseArgs(words);
    return command.option;
  }

  private static DataDirectory data(String path) {
    return new DataDirectory(Path.of(path));
  }

  @Test
  void theUsualDirectoryHasTheUsualRange() {
    assertThat(parsed().of(new DataDirectory(DataDirectory.usual()), false))
        .containsExactly("10.244.0.0/16");
    assertThat(parsed().ranges().cluster()).containsExactly("10.244.0.0/16");
  }

  @Test
  void furtherDirectoriesHaveOthersOutsideTheRangeOfServices() {
    Set<String> ranges = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ranges.addAll(parsed().of(data("/data/" + i), false));
    }

    assertThat(ranges).hasSizeGreaterThan(20);
    assertThat(ranges).allMatch(range -> range.matches("10\\.(1[6-9]|[2-7][0-9])\\.0\\.0/16"));
    assertThat(parsed().of(data("/data/1"), false)).isEqualTo(parsed().of(data("/data/1"), false));
  }

  @Test
  void manySimulatedNodesNeedARangeOfManyParts() {
    assertThat(parsed().of(data("/data"), true)).containsExactly("10.128.0.0/9");
  }

  @Test
  void whatIsAskedForCounts() {
    PodRangeOption option = parsed("--cluster-cidr", "10.9.0.0/16");

    assertThat(option.of(data("/data"), true)).containsExactly("10.9.0.0/16");
    assertThat(option.of(data("/data"), false)).containsExactly("10.9.0.0/16");
    assertThat(option.ranges().cluster()).containsExactly("10.9.0.0/16");
  }

  @Test
  void thereMayBeARangeOfEachFamily() {
    PodRangeOption option = parsed("--cluster-cidr", "10.9.0.0/16,fd00:9::/56");

    assertThat(option.of(data("/data"), false)).containsExactly("10.9.0.0/16", "fd00:9::/56");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "10.244.0.0",
        "10.244.0.0/25",
        "10.0.0.0/7",
        "fd00::/47",
        "10.1.0.0/16,10.2.0.0/16",
        ""
      })
  void whatIsNoRangeIsRefused(String range) {
    Command command = new Command();

    assertThatThrownBy(() -> new CommandLine(command).parseArgs("--cluster-cidr", range))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--cluster-cidr takes a range of IPv4 addresses");
  }

  @CommandLine.Command
  static final class Command {
    @CommandLine.Mixin PodRangeOption option = new PodRangeOption();
  }
}
