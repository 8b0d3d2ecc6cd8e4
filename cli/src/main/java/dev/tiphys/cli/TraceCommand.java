package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.RealWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys trace`
@Command(
    name = "trace",
    description =
        "Prints what the last change of an object set in motion: each step, the part that took it, what made it"
            + " take it, and how many milliseconds after the request it was done. Of a Service it also says when the"
            + " change was live on each node, of a VirtualService since when requests follow it.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Runnable {

  private static final String VIRTUAL_SERVICES = "virtualservices.networking.istio.io";

  /// What people call resources, and what they are called in traces.
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("deployment", "deployments.apps"),
          Map.entry("deploy", "deployments.apps"),
          Map.entry("replicaset", "replicasets.apps"),
          Map.entry("rs", "replicasets.apps"),
          Map.entry("statefulset", "statefulsets.apps"),
          Map.entry("sts", "statefulsets.apps"),
          Map.entry("daemonset", "daemonsets.apps"),
          Map.entry("ds", "daemonsets.apps"),
          Map.entry("job", "jobs.batch"),
          Map.entry("cronjob", "cronjobs.batch"),
          Map.entry("pod", "pods"),
          Map.entry("po", "pods"),
          Map.entry("service", "services"),
          Map.entry("svc", "services"),
          Map.entry("node", "nodes"),
          Map.entry("namespace", "namespaces"),
          Map.entry("ns", "namespaces"),
          Map.entry("configmap", "configmaps"),
          Map.entry("secret", "secrets"),
          Map.entry("virtualservice", VIRTUAL_SERVICES),
          Map.entry("virtualservices", VIRTUAL_SERVICES),
          Map.entry("vs", VIRTUAL_SERVICES));

  private static final List<String> CLUSTER_WIDE = List.of("nodes", "namespaces");

  @Mixin private DataOption data = new DataOption();

  @Option(
      names = {"-n", "--namespace"},
      description = "The object's namespace. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Parameters(paramLabel = "KIND/NAME", description = "The object, such as deployment/web.")
  private Path object = Path.of("");

  @Override
  public void run() {
    String[] parts = object.toString().split("/");
    if (parts.length != 2) {
      throw new CliException("name the object as KIND/NAME, such as deployment/web");
    }
    String resource = resource(parts[0]);
    String place = CLUSTER_WIDE.contains(resource) ? "" : namespace + "/";
    AdminApi admin = AdminApi.of(data.directory());
    Struct answer = admin.document("/flow/" + resource + "/" + place + parts[1]);
    List<Struct> events = answer.structs("events");
    if (events.isEmpty()) {
      throw new CliException(
          "nothing is known of a change of "
              + object
              + "; only changes since the cluster's start are remembered");
    }
    lines(events).forEach(System.out::println);
    if (resource.equals("services")) {
      new LiveOnNodes(new RealWorld(), admin::document)
          .lines(admin.api(), namespace, parts[1], events)
          .forEach(System.out::println);
    }
    if (resource.equals(VIRTUAL_SERVICES)) {
      System.out.println(live(admin, parts[1], events));
    }
  }

  /// Since when requests follow the last change of a VirtualService.
  private String live(AdminApi admin, String name, List<Struct> events) {
    long revision =
        events.stream()
            .filter(each -> each.string("resource").equals(VIRTUAL_SERVICES))
            .mapToLong(each -> each.integer("revision"))
            .max()
            .orElse(0);
    Struct answer;
    try {
      answer =
          admin.document("/live/virtualservices/%s/%s/%d".formatted(namespace, name, revision));
    } catch (CliException e) {
      return "          ---  it is not known whether requests follow it: " + e.getMessage();
    }
    if (!answer.has("at")) {
      return "          ---  requests do not follow it yet";
    }
    Instant begin = Timestamps.parse(events.getFirst().string("began"));
    Duration took = Duration.between(begin, Timestamps.parse(answer.string("at")));
    return String.format(
        Locale.ROOT,
        "%9.1f ms  requests follow it%s",
        took.toNanos() / 1e6,
        answer.bool("earlier") ? ", or earlier" : "");
  }

  /// What a kind is called in traces: `deployments.apps`.
  static String resource(String kind) {
    String name = kind.toLowerCase(Locale.ROOT);
    return NAMES.getOrDefault(name, name.contains(".") || name.endsWith("s") ? name : name + "s");
  }

  /// A line for each event, indented below the one that caused it.
  static List<String> lines(List<Struct> events) {
    Instant begin = Timestamps.parse(events.getFirst().string("began"));
    Map<Long, Integer> depths = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (Struct event : events) {
      Integer above = depths.get(event.integer("cause"));
      int depth = above == null ? 0 : above + 1;
      depths.put(event.integer("revision"), depth);
      Instant ended = Timestamps.parse(event.string("ended"));
      double millis = Duration.between(begin, ended).toNanos() / 1e6;
      lines.add(
          String.format(Locale.ROOT, "%9.1f ms  ", millis)
              + "  ".repeat(depth)
              + event.string("part")
              + " "
              + event.string("verb")
              + " "
              + event.string("resource")
              + "/"
              + event.string("name")
              + (event.string("note").isEmpty() ? "" : "  (" + event.string("note") + ")"));
    }
    return lines;
  }
}
