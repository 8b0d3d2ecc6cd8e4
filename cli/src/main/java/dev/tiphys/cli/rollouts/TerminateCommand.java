package dev.tiphys.cli.rollouts;

import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terminate`: an analysis or an experiment ends early.
@Command(
    name = "terminate",
    description = "Ends an analysis or an experiment early.",
    mixinStandardHelpOptions = true)
final class TerminateCommand {

  private static final Struct END = Struct.of("spec", Struct.of("terminate", true));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "analysisrun",
      aliases = {"ar", "analysisruns"},
      description = "Ends an analysis early.")
  void analysisRun(@Parameters(paramLabel = "ANALYSISRUN", arity = "1..*") String[] names) {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patch(DeliveryResources.ANALYSIS_RUNS, name, "", END);
      System.out.println("analysisRun '" + name + "' terminated");
    }
  }

  /// The plugin that people know says "retried" here, too.
  @Command(
      name = "experiment",
      aliases = {"exp", "experiments"},
      description = "Ends an experiment early.")
  void experiment(@Parameters(paramLabel = "EXPERIMENT", arity = "1..*") String[] names) {
    Session session = ArgoRolloutsCommand.session(spec);
    for (String name : names) {
      session.patch(DeliveryResources.EXPERIMENTS, name, "", END);
      System.out.println("experiment '" + name + "' retried");
    }
  }
}
