package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ApiServerOptionsTest {

  private static final class Command {
    @Mixin private ApiServerOptions options = new ApiServerOptions();
  }

  private static ApiServerOptions parsed(String... arguments) {
    Command command = new Command();
    CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(command));
    line.setCaseInsensitiveEnumValuesAllowed(true); // as the command does
    line.parseArgs(arguments);
    return command.options;
  }

  @Test
  void eventsAreKeptForAnHourUnlessSomethingElseIsSaid() {
    assertThat(parsed().eventLife).isEqualTo(Duration.ofHours(1));
    assertThat(parsed("--event-ttl", "1m30s").eventLife).isEqualTo(Duration.ofSeconds(90));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "0s", "-1h", "90"})
  void whatIsNoSpanIsRefused(String text) {
    assertThatThrownBy(() -> parsed("--event-ttl", text))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--event-ttl takes a span of time, such as 90s or 1h, not " + text);
  }

  @Test
  void adviceIsGivenUnlessItIsTurnedOff() {
    assertThat(parsed().advice.isOn()).isTrue();
    assertThat(parsed("--advice=on").advice.isOn()).isTrue();
    assertThat(parsed("--advice=off").advice.isOn()).isFalse();
  }
}
