package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.RealWorld;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `kubectl argo rollouts`, and `tiphys argo-rollouts`, which is the same.
@Command(
    name = "kubectl argo rollouts",
    description = "Manages Rollouts, and what they are decided by.",
    subcommands = {
      AbortCommand.class,
      CreateCommand.class,
      DashboardCommand.class,
      GetCommand.class,
      LintCommand.class,
      ListCommand.class,
      PauseCommand.class,
      PromoteCommand.class,
      RestartCommand.class,
      ResumeCommand.class,
      RetryCommand.class,
      SetCommand.class,
      StatusCommand.class,
      TerminateCommand.class,
      UndoCommand.class,
      VersionCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class ArgoRolloutsCommand implements Runnable {

  /// The name by which `tiphys` knows it.
  public static final String NAME = "argo-rollouts";

  private static final String PROGRAM = "kubectl-argo-rollouts";

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Where the API server is. Default: as for kubectl.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The context of the kubeconfig to use. Default: its current one.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      scope = ScopeType.INHERIT,
      description = "The namespace. Default: the one of the context.")
  private @Nullable String namespace;

  @Option(
      names = "--as",
      paramLabel = "USER",
      scope = ScopeType.INHERIT,
      description = "The user to act as.")
  private @Nullable String user;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  /// The cluster that a command is about.
  ///
  /// @throws CliException if it can't be found
  static Session session(CommandSpec command) {
    if (!(command.root().userObject() instanceof ArgoRolloutsCommand options)) {
      throw new IllegalStateException("no command of the plugin: " + command.qualifiedName());
    }
    return options.session();
  }

  private Session session() {
    ServerOption.Place place = ServerOption.of(kubeconfig, context);
    RealWorld world = new RealWorld();
    HttpApi api =
        new HttpApi(world, user == null ? place.access() : place.access().actingAs(user), PROGRAM);
    return new Session(world, api, namespace == null ? place.namespace() : namespace);
  }

  /// Runs it. Returns its exit code: 1 for whatever goes wrong, as programs expect of the plugin.
  public static int execute(String... arguments) {
    CommandLine command = new CommandLine(new ArgoRolloutsCommand());
    command.setExecutionExceptionHandler(
        (failure, _, _) -> {
          String message =
              switch (failure) {
                case ApiException e -> e.message();
                case CliException e -> String.valueOf(e.getMessage());
                default -> throw failure;
              };
          System.err.println("Error: " + message);
          return ExitCode.SOFTWARE;
        });
    command.setParameterExceptionHandler(
        (failure, _) -> {
          System.err.println("Error: " + failure.getMessage());
          failure.getCommandLine().usage(System.err);
          return ExitCode.SOFTWARE;
        });
    return command.execute(arguments);
  }
}
