package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.rollouts.view.Summary;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `status`: waits for the end of an update.
@Command(
    name = "status",
    description = "Shows how a rollout stands, until it is healthy or degraded.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {

  private static final Duration LONG = Duration.ofSeconds(5);
  private static final List<String> ENDS = List.of("Healthy", "Degraded");

  @Parameters(paramLabel = "ROLLOUT")
  private String name = "";

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      description = "Waits for the end. Default: ${DEFAULT-VALUE}.")
  private boolean watch;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SPAN",
      description = "How long to wait: 1s, 2m, 3h. Default: as long as it takes.")
  private String timeout = "0s";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    try {
      Summary last = watch ? watched(session) : Summary.of(session.rollout(name));
      if (!watch) {
        System.out.println(
            ENDS.contains(last.phase()) ? last.phase() : last.phase() + " - " + last.message());
      }
      if (last.phase().equals("Degraded")) {
        throw new CliException(
            "The rollout is in a degraded state with message: " + last.message());
      }
      if (watch && !last.phase().equals("Healthy")) {
        throw new CliException("Rollout status watch exceeded timeout");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tells each change. Returns the last one.
  private Summary watched(Session session) throws InterruptedException {
    Duration most = GoDuration.parse(timeout);
    long end = session.world().nanoTime() + most.toNanos();
    String told = "";
    try (Following following = new Following(session, DeliveryResources.ROLLOUTS, name)) {
      while (true) {
        Struct object = following.object();
        if (object == null) {
          throw new CliException("rollout '" + name + "' is gone");
        }
        Summary now = Summary.of(new Rollout(object));
        String line = now.message().isEmpty() ? now.phase() : now.phase() + " - " + now.message();
        if (!line.equals(told)) {
          System.out.println(line);
          told = line;
        }
        long left = end - session.world().nanoTime();
        if (ENDS.contains(now.phase()) || most.isPositive() && left <= 0) {
          return now;
        }
        following.await(most.isPositive() && left < LONG.toNanos() ? Duration.ofNanos(left) : LONG);
      }
    }
  }
}
