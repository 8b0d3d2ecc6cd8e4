package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.parts.ApiServerCommand;
import dev.tiphys.cli.parts.ControllerManagerCommand;
import dev.tiphys.cli.parts.DnsCommand;
import dev.tiphys.cli.parts.KubeletCommand;
import dev.tiphys.cli.parts.ProxyCommand;
import dev.tiphys.cli.parts.SchedulerCommand;
import dev.tiphys.cli.preview.PreviewCommand;
import dev.tiphys.cli.query.QueryCommand;
import dev.tiphys.cli.rollouts.ArgoRolloutsCommand;
import dev.tiphys.cli.why.WhyCommand;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/// The `tiphys` command.
@Command(
    name = "tiphys",
    description = "A Kubernetes cluster in one command.",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ResetCommand.class,
      ImageCommand.class,
      TraceCommand.class,
      PreviewCommand.class,
      WhyCommand.class,
      QueryCommand.class,
      WebhooksCommand.class,
      HistoryCommand.class,
      ForkCommand.class,
      TokenCommand.class,
      VersionCommand.class,
      ApiServerCommand.class,
      ControllerManagerCommand.class,
      SchedulerCommand.class,
      DnsCommand.class,
      ProxyCommand.class,
      KubeletCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class)
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals(ArgoRolloutsCommand.NAME)) {
      System.exit(ArgoRolloutsCommand.execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }
    CommandLine command = new CommandLine(new Main());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (failure instanceof CliException) {
            System.err.println("tiphys: " + failure.getMessage());
          } else {
            System.err.println("tiphys: an unexpected failure; please report it");
            failure.printStackTrace(System.err);
          }
          return ExitCode.SOFTWARE;
        });
    command.setParameterExceptionHandler(
        (failure, given) -> {
          System.err.println("tiphys: " + failure.getMessage());
          System.err.println(
              "Run 'tiphys "
                  + (failure.getCommandLine().getParent() == null
                      ? ""
                      : failure.getCommandLine().getCommandName() + " ")
                  + "--help' for what can be said.");
          return ExitCode.USAGE;
        });
    System.exit(command.execute(arguments));
  }
}
