package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.rollouts.view.Columns;
import dev.tiphys.cli.rollouts.view.Summary;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `list`: all Rollouts or Experiments, a line each.
@Command(
    name = "list",
    description = "Lists rollouts or experiments.",
    mixinStandardHelpOptions = true)
final class ListCommand {

  private static final List<String> ROLLOUTS =
      List.of(
          "NAME",
          "STRATEGY",
          "STATUS",
          "STEP",
          "SET-WEIGHT",
          "READY",
          "DESIRED",
          "UP-TO-DATE",
          "AVAILABLE");

  private static final List<String> EXPERIMENTS =
      List.of("NAME", "STATUS", "DURATION", "REMAINING", "AGE");

  @Spec private CommandSpec spec = CommandSpec.create();

  static final class Options {
    @Option(names = "--name", paramLabel = "NAME", description = "Only the one of this name.")
    private String name = "";

    @Option(
        names = {"-A", "--all-namespaces"},
        description = "Those of all namespaces.")
    private boolean everywhere;

    @Option(
        names = {"-w", "--watch"},
        description = "Goes on telling what changes.")
    private boolean watch;

    @Option(names = "--timestamps", description = "With the time of each line.")
    private boolean times;
  }

  @Command(
      name = "rollouts",
      aliases = {"ro", "rollout"},
      description = "Lists rollouts.")
  void rollouts(@Mixin Options options) throws InterruptedException {
    list(DeliveryResources.ROLLOUTS, options, ROLLOUTS, ListCommand::rollout);
  }

  @Command(
      name = "experiments",
      aliases = {"exp", "experiment"},
      description = "Lists experiments.")
  void experiments(@Mixin Options options) throws InterruptedException {
    Instant now = ArgoRolloutsCommand.session(spec).world().now();
    list(DeliveryResources.EXPERIMENTS, options, EXPERIMENTS, each -> experiment(each, now));
  }

  private static List<String> rollout(Struct object) {
    Rollout rollout = new Rollout(object);
    Summary summary = Summary.of(rollout);
    Struct status = rollout.status();
    return List.of(
        rollout.name(),
        summary.strategy(),
        summary.phase(),
        summary.step().isEmpty() ? "-" : summary.step(),
        rollout.isCanary() ? Long.toString(summary.setWeight()) : "-",
        status.integer("readyReplicas") + "/" + status.integer("replicas"),
        Long.toString(rollout.replicas()),
        Long.toString(status.integer("updatedReplicas")),
        Long.toString(status.integer("availableReplicas")));
  }

  private static List<String> experiment(Struct object, Instant now) {
    String text = object.string("spec", "duration");
    Instant available = Timestamps.of(object.get("status", "availableAt"));
    String phase = object.string("status", "phase");
    String remaining = "-";
    if (!text.isEmpty() && available != null && List.of("Pending", "Running").contains(phase)) {
      Duration left = Duration.between(now, available.plus(GoDuration.parse(text)));
      remaining = left.isPositive() ? HumanDuration.of(left) : "-";
    }
    Instant created = Meta.of(object).created();
    return List.of(
        Meta.of(object).name(),
        phase,
        text.isEmpty() ? "-" : HumanDuration.of(GoDuration.parse(text)),
        remaining,
        created == null ? "-" : HumanDuration.of(Duration.between(created, now)));
  }

  private void list(
      ApiResource resource,
      Options options,
      List<String> titles,
      Function<Struct, List<String>> columns)
      throws InterruptedException {
    Session session = ArgoRolloutsCommand.session(spec);
    String namespace = options.everywhere ? "" : session.namespace();
    ListOptions which =
        options.name.isEmpty()
            ? ListOptions.ALL
            : ListOptions.withFields("metadata.name=" + options.name);
    ObjectList found = session.api().list(resource, namespace, which);
    if (found.items().isEmpty() && !options.watch) {
      System.err.println("No resources found.");
      return;
    }
    Map<ObjectKey, List<String>> told = new HashMap<>();
    Columns lines = new Columns();
    lines.add(row(session, options, "NAMESPACE", "TIMESTAMP", titles));
    for (Struct object : found.items()) {
      List<String> line = columns.apply(object);
      told.put(ObjectKey.of(object), line);
      lines.add(row(session, options, Meta.of(object).namespace(), "", line));
    }
    lines.lines(false).forEach(System.out::println);
    if (options.watch) {
      watch(session, resource, namespace, found.resourceVersion(), options, columns, told);
    }
  }

  private void watch(
      Session session,
      ApiResource resource,
      String namespace,
      String revision,
      Options options,
      Function<Struct, List<String>> columns,
      Map<ObjectKey, List<String>> told)
      throws InterruptedException {
    try (WatchStream changes =
        session.api().watch(resource, namespace, WatchOptions.from(revision))) {
      for (WatchEvent event = changes.next(); event != null; event = changes.next()) {
        Struct object = event.object();
        List<String> line = columns.apply(object);
        boolean isMeant = options.name.isEmpty() || options.name.equals(Meta.of(object).name());
        if (isMeant && !line.equals(told.put(ObjectKey.of(object), line))) {
          Columns one = new Columns();
          one.add(row(session, options, Meta.of(object).namespace(), "", line));
          one.lines(false).forEach(System.out::println);
        }
      }
    }
  }

  /// @param time the title of times; empty for the time itself
  private static String[] row(
      Session session, Options options, String namespace, String time, List<String> columns) {
    List<String> row = new ArrayList<>();
    if (options.times) {
      row.add(time.isEmpty() ? Timestamps.seconds(session.world().now()) : time);
    }
    if (options.everywhere) {
      row.add(namespace);
    }
    row.addAll(columns);
    return row.toArray(String[]::new);
  }
}
