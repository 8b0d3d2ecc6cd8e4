package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `promote`: an update goes on from where it waits, or at once to its end.
@Command(name = "promote", description = "Promotes a rollout.", mixinStandardHelpOptions = true)
final class PromoteCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT")
  private String name = "";

  @Option(names = "--full", description = "Skips what is left of analysis, pauses and steps.")
  private boolean full;

  @Option(
      names = {"-c", "--skip-current-step"},
      hidden = true)
  private boolean skipsStep;

  @Option(
      names = {"-a", "--skip-all-steps"},
      hidden = true)
  private boolean skipsAll;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (skipsStep && skipsAll) {
      throw new CliException(
          "Cannot use skip-current-step and skip-all-steps flags at the same time");
    }
    Session session = ArgoRolloutsCommand.session(spec);
    Rollout rollout = session.rollout(name);
    if (skipsStep || skipsAll) {
      requireSteps(rollout);
    }
    Struct status = status(rollout);
    if (status != null) {
      session.patchStatus(name, status);
    }
    if (rollout.isPaused() && !skipsStep && !skipsAll) {
      session.patch(name, Struct.of("spec", Struct.of("paused", false)));
    }
    System.out.println("rollout '" + name + (full ? "' fully promoted" : "' promoted"));
  }

  private static void requireSteps(Rollout rollout) {
    if (rollout.isBlueGreen()) {
      throw new CliException("Cannot skip steps of a bluegreen rollout. Run without a flags");
    }
    if (rollout.isCanary() && rollout.canary().steps().isEmpty()) {
      throw new CliException("Cannot skip steps of a rollout without steps");
    }
  }

  /// What is changed of the status; null if nothing is.
  private @Nullable Struct status(Rollout rollout) {
    Struct status = rollout.status();
    if (skipsStep) {
      return Struct.of("currentStepIndex", next(rollout));
    }
    if (skipsAll) {
      return Struct.of("currentStepIndex", (long) rollout.canary().steps().size());
    }
    if (full) {
      return status.string("currentPodHash").equals(status.string("stableRS"))
          ? null
          : Struct.of("promoteFull", true);
    }
    boolean waits = !status.structs("pauseConditions").isEmpty();
    StructBuilder change = new StructBuilder().add("pauseConditions", Null.NULL);
    if (waits && isInconclusive(rollout) && status.bool("controllerPause")) {
      return change.add("controllerPause", false).add("currentStepIndex", next(rollout)).build();
    }
    if (waits) {
      return change.build();
    }
    return hasSteps(rollout) ? change.add("currentStepIndex", next(rollout)).build() : null;
  }

  private static boolean isInconclusive(Rollout rollout) {
    return rollout.isCanary()
        && rollout
            .status()
            .string("canary", "currentStepAnalysisRunStatus", "status")
            .equals("Inconclusive");
  }

  private static boolean hasSteps(Rollout rollout) {
    return rollout.isCanary() && !rollout.canary().steps().isEmpty();
  }

  private static long next(Rollout rollout) {
    long all = rollout.canary().steps().size();
    return Math.min(all, rollout.status().integer("currentStepIndex") + 1);
  }
}
