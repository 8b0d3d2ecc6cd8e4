package dev.tiphys.cli.rollouts;

import dev.tiphys.object.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `abort`: traffic goes back to the stable version.
@Command(name = "abort", description = "Aborts an update.", mixinStandardHelpOptions = true)
final class AbortCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT", arity = "1..*")
  private String[] names = {};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patchStatus(name, Struct.of("abort", true));
      System.out.println("rollout '" + name + "' aborted");
    }
  }
}
