package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.rollouts.view.Summary;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `get`: a summary, and a tree of all that an object has made; with `--watch` as it changes.
@Command(
    name = "get",
    description = "Shows a rollout or an experiment, and what it has made.",
    mixinStandardHelpOptions = true)
final class GetCommand {

  /// A screen is not written more often: it would flicker.
  private static final Duration CALM = Duration.ofMillis(200);

  private static final Duration TICK = Duration.ofSeconds(1); // ages go on

  private static final String CLEAR = "\u001b[H\u001b[2J\u001b[0;0H";

  @Spec private CommandSpec spec = CommandSpec.create();

  static final class Options {
    @Option(
        names = {"-w", "--watch"},
        description = "Goes on showing it as it changes.")
    private boolean watch;

    @Option(names = "--no-color", description = "Without colours.")
    private boolean plain;

    @Option(
        names = "--timeout-seconds",
        paramLabel = "NUMBER",
        description = "Ends after so many seconds.")
    private long seconds;
  }

  private interface Page {
    List<String> of(Struct object, Following following, Instant now);
  }

  @Command(
      name = "rollout",
      aliases = {"ro", "rollouts"},
      description = "Shows a rollout.")
  void rollout(@Parameters(paramLabel = "ROLLOUT") String name, @Mixin Options options)
      throws InterruptedException {
    show(
        DeliveryResources.ROLLOUTS,
        name,
        options,
        (object, following, now) ->
            Summary.of(new Rollout(object)).page(following.family(), now, inColors(options)));
  }

  @Command(
      name = "experiment",
      aliases = {"exp", "experiments"},
      description = "Shows an experiment.")
  void experiment(@Parameters(paramLabel = "EXPERIMENT") String name, @Mixin Options options)
      throws InterruptedException {
    show(
        DeliveryResources.EXPERIMENTS,
        name,
        options,
        (object, following, now) ->
            Summary.ofExperiment(object, following.family(), now, inColors(options)));
  }

  private static boolean inColors(Options options) {
    return !options.plain && !"dumb".equals(System.getenv("TERM"));
  }

  private void show(ApiResource resource, String name, Options options, Page page)
      throws InterruptedException {
    Session session = ArgoRolloutsCommand.session(spec);
    try (Following following = new Following(session, resource, name)) {
      long end = session.world().nanoTime() + Duration.ofSeconds(options.seconds).toNanos();
      while (true) {
        Struct object = following.object();
        if (object != null) {
          List<String> lines = page.of(object, following, session.world().now());
          System.out.print((options.watch ? CLEAR : "") + String.join("\n", lines) + "\n");
          System.out.flush();
        }
        if (!options.watch || options.seconds > 0 && session.world().nanoTime() - end >= 0) {
          return;
        }
        session.world().sleep(CALM);
        following.await(TICK);
      }
    }
  }
}
