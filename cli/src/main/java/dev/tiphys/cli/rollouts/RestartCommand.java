package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `restart`: all Pods are made anew.
@Command(
    name = "restart",
    description = "Restarts the pods of a rollout.",
    mixinStandardHelpOptions = true)
final class RestartCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT")
  private String name = "";

  @Option(
      names = {"-i", "--in"},
      paramLabel = "SPAN",
      description = "How long to wait before: 30s, 5m, 1h.")
  private String in = "0s";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    String at = Timestamps.seconds(session.world().now().plus(span()));
    session.patch(name, Struct.of("spec", Struct.of("restartAt", at)));
    System.out.println("rollout '" + name + "' restarts in " + in);
  }

  private Duration span() {
    try {
      return GoDuration.parse(in);
    } catch (IllegalArgumentException e) {
      throw new CliException(in + " is no span of time, such as 30s", e);
    }
  }
}
