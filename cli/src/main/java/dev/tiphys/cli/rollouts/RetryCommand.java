package dev.tiphys.cli.rollouts;

import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `retry`: an aborted update, or an experiment, begins again.
@Command(
    name = "retry",
    description = "Begins an aborted update, or an experiment, again.",
    mixinStandardHelpOptions = true)
final class RetryCommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "rollout",
      aliases = {"ro", "rollouts"},
      description = "Begins an aborted update again.")
  void rollout(@Parameters(paramLabel = "ROLLOUT", arity = "1..*") String[] names) {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patchStatus(name, Struct.of("abort", false));
      System.out.println("rollout '" + name + "' retried");
    }
  }

  @Command(
      name = "experiment",
      aliases = {"exp", "experiments"},
      description = "Begins an experiment again.")
  void experiment(@Parameters(paramLabel = "EXPERIMENT", arity = "1..*") String[] names) {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patch(DeliveryResources.EXPERIMENTS, name, "", Struct.of("status", Null.NULL));
      System.out.println("experiment '" + name + "' retried");
    }
  }
}
