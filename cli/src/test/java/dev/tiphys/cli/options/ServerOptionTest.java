package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.Kubeconfig;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ServerOptionTest {

  @TempDir Path directory;

  @Command
  private static final class Part {
    @Mixin ServerOption server = new ServerOption();
  }

  private static ServerOption parsed(String... words) {
    Part part = new Part();
    new CommandLine(part).parseArgs(words);
    return part.server;
  }

  private static Kubeconfig.Access access(String server) {
    return new Kubeconfig.Access(server, "", "", "", "token");
  }

  private Path config() {
    return directory.resolve("config");
  }

  @BeforeEach
  void write() throws Exception {
    Kubeconfig.of("one", access("https://one:1"))
        .with("two", access("https://two:2"))
        .write(config());
  }

  @Test
  void aContextCanBeChosen() {
    String file = config().toString();

    assertThat(parsed("--kubeconfig", file, "--context", "one").access().server())
        .isEqualTo("https://one:1");
    assertThat(parsed("--kubeconfig", file, "--context", "two").access().server())
        .isEqualTo("https://two:2");
  }

  @Test
  void whatIsNotThereIsNamedWithTheOptionThatNamesAnother() {
    Path absent = directory.resolve("absent");

    assertThatThrownBy(() -> parsed("--kubeconfig", absent.toString()).access())
        .isInstanceOf(CliException.class)
        .hasMessageContaining(absent.toString())
        .hasMessageEndingWith("name another one with --kubeconfig");
    assertThatThrownBy(
            () -> parsed("--kubeconfig", config().toString(), "--context", "three").access())
        .isInstanceOf(CliException.class)
        .hasMessageContaining("three");
  }
}
