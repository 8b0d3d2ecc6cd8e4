package dev.tiphys.cli.rollouts;

import dev.tiphys.object.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pause`: an update stays where it is.
@Command(name = "pause", description = "Pauses a rollout.", mixinStandardHelpOptions = true)
final class PauseCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT", arity = "1..*")
  private String[] names = {};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patch(name, Struct.of("spec", Struct.of("paused", true)));
      System.out.println("rollout '" + name + "' paused");
    }
  }
}
