package dev.tiphys.cli.rollouts;

import dev.tiphys.object.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `resume`: the way back from `pause`, and nothing else: a step that pauses goes on doing so.
@Command(
    name = "resume",
    description = "Lets a rollout go on that 'pause' has stopped.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT", arity = "1..*")
  private String[] names = {};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patch(name, Struct.of("spec", Struct.of("paused", false)));
      System.out.println("rollout '" + name + "' resumed");
    }
  }
}
