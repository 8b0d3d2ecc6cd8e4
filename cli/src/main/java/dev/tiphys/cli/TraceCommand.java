package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.roles.LiveDocuments;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.RealWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys trace`
@Command(
    name = "trace",
    description =
        "Prints what the last change of an object set in motion: each step, the part that took it, what made it"
            + " take it, and how many milliseconds after the request it was done. Of each Service that was changed"
            + " it also says when that was live on each node, of Ingresses and VirtualServices since when"
            + " requests follow them.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Runnable {

  private static final String SERVICES = "services";

  /// What says where requests go, of which it is told since when they do.
  private static final List<String> ROUTES =
      List.of("ingresses.networking.k8s.io", "virtualservices.networking.istio.io");

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
    AdminApi admin = AdminApi.of(data.directory());
    String resource = ResourceNames.of(parts[0], admin.api());
    String place = CLUSTER_WIDE.contains(resource) ? "" : namespace + "/";
    Struct answer = admin.document("/flow/" + resource + "/" + place + parts[1]);
    List<Struct> events = answer.structs("events");
    if (events.isEmpty()) {
      throw new CliException(
          "nothing is known of a change of "
              + object
              + "; only changes since the cluster's start are remembered");
    }
    lines(events).forEach(System.out::println);
    for (String service : changed(SERVICES, events)) {
      List<String> lines =
          new LiveOnNodes(new RealWorld(), admin::document)
              .lines(admin.api(), namespace, service, events);
      lines.forEach(
          line ->
              System.out.println(
                  resource.equals(SERVICES) ? line : line + " (services/" + service + ")"));
    }
    for (String route : ROUTES) {
      for (String name : changed(route, events)) {
        System.out.println(live(admin, route, name, events));
      }
    }
  }

  /// The names of a resource's objects that were changed.
  private static Set<String> changed(String resource, List<Struct> events) {
    Set<String> names = new LinkedHashSet<>();
    for (Struct event : events) {
      if (event.string("resource").equals(resource)) {
        names.add(event.string("name"));
      }
    }
    return names;
  }

  /// Since when requests follow the last change of what says where they go.
  private String live(AdminApi admin, String resource, String name, List<Struct> events) {
    String followed = "requests follow " + resource.replaceFirst("\\..*", "") + "/" + name;
    long revision =
        events.stream()
            .filter(each -> each.string("resource").equals(resource))
            .filter(each -> each.string("name").equals(name))
            .mapToLong(each -> each.integer("revision"))
            .max()
            .orElse(0);
    Struct answer;
    try {
      answer = admin.document(LiveDocuments.path(resource, namespace, name, revision));
    } catch (CliException e) {
      return "          ---  it is not known whether " + followed + ": " + e.getMessage();
    }
    if (!answer.has("at")) {
      return "          ---  it can't be said yet that " + followed;
    }
    Instant begin = Timestamps.parse(events.getFirst().string("began"));
    Duration took = Duration.between(begin, Timestamps.parse(answer.string("at")));
    return String.format(
        Locale.ROOT,
        "%9.1f ms  %s%s",
        took.toNanos() / 1e6,
        followed,
        answer.bool("earlier") ? ", or earlier" : "");
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
