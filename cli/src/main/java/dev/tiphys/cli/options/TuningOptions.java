package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.network.conntrack.Tuning;
import dev.tiphys.object.GoDuration;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How the kernel is to remember connections, by kube-proxy's options.
public final class TuningOptions {

  @Option(
      names = "--conntrack-max-per-core",
      paramLabel = "NUMBER",
      description =
          "How many connections the kernel can remember for each processor, at least; 0 leaves that"
              + " as it is. Default: ${DEFAULT-VALUE}.")
  private int mostPerCore = Tuning.USUAL.mostPerCore();

  @Option(
      names = "--conntrack-min",
      paramLabel = "NUMBER",
      description =
          "How many it can remember at least, however few processors there are. Default:"
              + " ${DEFAULT-VALUE}.")
  private int least = Tuning.USUAL.least();

  @Option(
      names = "--conntrack-tcp-timeout-established",
      paramLabel = "DURATION",
      description =
          "How long connections are remembered on which nothing is sent, at least; 0 leaves that as"
              + " it is. Default: ${DEFAULT-VALUE}.")
  private String established = "24h0m0s";

  @Option(
      names = "--conntrack-tcp-timeout-close-wait",
      paramLabel = "DURATION",
      description = "The same for those that one side has closed. Default: ${DEFAULT-VALUE}.")
  private String closeWait = "1h0m0s";

  @Option(
      names = "--conntrack-tcp-be-liberal",
      description = "Let packets outside a connection's window belong to it all the same.")
  private boolean liberal;

  @Option(
      names = "--conntrack-udp-timeout",
      paramLabel = "DURATION",
      description =
          "How long datagrams are remembered that nothing answers, at least. Default: as it is.")
  private String unanswered = "0s";

  @Option(
      names = "--conntrack-udp-timeout-stream",
      paramLabel = "DURATION",
      description = "The same for datagrams that go both ways. Default: as it is.")
  private String stream = "0s";

  /// What they say.
  ///
  /// @throws CliException if one of them is no duration or a negative number
  public Tuning tuning() {
    if (mostPerCore < 0 || least < 0) {
      throw new CliException("--conntrack-max-per-core and --conntrack-min cannot be negative");
    }
    return new Tuning(
        mostPerCore,
        least,
        duration("--conntrack-tcp-timeout-established", established),
        duration("--conntrack-tcp-timeout-close-wait", closeWait),
        liberal,
        duration("--conntrack-udp-timeout", unanswered),
        duration("--conntrack-udp-timeout-stream", stream));
  }

  private static Duration duration(String option, String text) {
    try {
      Duration duration = GoDuration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new CliException(option + ": " + text + " is no duration, such as 24h0m0s");
  }
}
