package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys why`
@Command(
    name = "why",
    description =
        "Tells what the scheduler's plugins think of each node for a pod, as the cluster is now, and the"
            + " smallest change that would make the pod fit. Changes nothing.",
    mixinStandardHelpOptions = true)
final class WhyCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = {"-n", "--namespace"},
      description = "The pod's namespace. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "'json' for programs. Default: a text.")
  private String output = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The file with the KubeSchedulerConfiguration that the scheduler works with.")
  private @Nullable Path config;

  @Parameters(paramLabel = "pod/NAME", description = "The pod.")
  private String object = "";

  /// The name of the pod that was named.
  static String podName(String object) {
    String[] parts = object.split("/");
    if (parts.length == 2 && List.of("pod", "pods", "po").contains(parts[0])) {
      return parts[1];
    }
    throw new CliException("name the pod as pod/NAME");
  }

  @Override
  public void run() {
    String name = podName(object);
    if (!output.isEmpty() && !output.equals("json")) {
      throw new CliException("--output takes json, not " + output);
    }
    SchedulerConfiguration configuration = SchedulerFile.read(config);
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, "tiphys");
    ServerOption.require(api, access);
    try (Scheduler scheduler =
        SchedulerFile.scheduler(() -> new Scheduler(world, api, configuration))) {
      scheduler.observe();
      Struct decision =
          scheduler
              .why(namespace, name)
              .orElseThrow(
                  () ->
                      new CliException(
                          "there is no pod %s/%s that this scheduler has to do with"
                              .formatted(namespace, name)))
              .tree();
      if (output.isEmpty()) {
        lines(decision).forEach(System.out::println);
      } else {
        System.out.println(Json.text(decision));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A decision as text.
  static List<String> lines(Struct decision) {
    List<Struct> nodes = decision.structs("nodes");
    List<Struct> feasible =
        nodes.stream()
            .filter(node -> node.bool("feasible"))
            .sorted(Comparator.comparingLong((Struct node) -> -node.integer("score")))
            .toList();
    List<String> lines = new ArrayList<>();
    String pod = "pod " + decision.string("namespace") + "/" + decision.string("name");
    String place = decision.string("node");
    lines.add(
        (place.isEmpty() ? pod + " has no node" : pod + " is on node " + place)
            + "; "
            + feasible.size()
            + " of "
            + nodes.size()
            + " nodes would do now");
    for (Struct node : feasible) {
      lines.add("  " + node.string("name") + ": score " + node.integer("score") + scores(node));
    }
    for (Struct node : nodes) {
      if (!node.bool("feasible")) {
        lines.add("  " + node.string("name") + ": " + refusals(node));
      }
    }
    Struct change = decision.struct("smallestChange");
    if (!change.isEmpty()) {
      lines.add("The smallest change that would make it fit:");
      for (Struct each : change.structs("changes")) {
        lines.add("  " + each.string("text"));
      }
    }
    return lines;
  }

  private static String scores(Struct node) {
    List<String> parts = new ArrayList<>();
    for (Struct score : node.structs("scores")) {
      parts.add(
          score.string("plugin") + " " + score.integer("score") + "x" + score.integer("weight"));
    }
    return " (" + String.join(", ", parts) + ")";
  }

  private static String refusals(Struct node) {
    List<String> parts = new ArrayList<>();
    for (Struct filter : node.structs("filters")) {
      if (!filter.bool("passed")) {
        parts.add(filter.string("plugin") + ": " + String.join(", ", filter.strings("reasons")));
      }
    }
    return String.join("; ", parts);
  }
}
