package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.RunningCluster;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.roles.LeftParts;
import dev.tiphys.cli.roles.MonitoringRole;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.node.settings.UsualRoot;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `tiphys status`
@Command(
    name = "status",
    description = "Tells how the cluster is. The exit code is 0 if it is well, else 1.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  private static final int WELL = 0;
  private static final int UNWELL = 1;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() {
    DataDirectory directory = data.directory();
    Optional<ProcessHandle> process = RunningCluster.find(directory);
    if (process.isEmpty()) {
      System.out.println("No cluster runs in " + directory.path() + ".");
      return UNWELL;
    }
    AdminApi admin = AdminApi.of(directory);
    System.out.println("process     " + process.get().pid());
    System.out.println("data        " + directory.path());
    System.out.println("API server  " + admin.server() + " " + admin.text("/readyz"));
    List<Struct> nodes = admin.api().list(ApiResource.NODES, "", ListOptions.ALL).items();
    boolean well = true;
    for (Struct node : nodes) {
      boolean ready = Meta.isTrue(node, "Ready");
      well &= ready;
      System.out.println(
          "node        " + Meta.of(node).name() + " " + (ready ? "Ready" : "NotReady"));
    }
    String prometheus = prometheus(admin);
    if (!prometheus.isEmpty()) {
      System.out.println("prometheus  " + prometheus);
    }
    for (Struct part : admin.document(LeftParts.PATH).structs("parts")) {
      System.out.println("left        %s to %s".formatted(part.string("part"), part.string("to")));
    }
    rootLines(UsualRoot.PATH, directory.path()).forEach(System.out::println);
    List<Struct> tasks = admin.document("/tasks").structs("tasks");
    taskLines(tasks).forEach(System.out::println);
    well &= tasks.stream().allMatch(task -> task.string("problem").isEmpty());
    return well ? WELL : UNWELL;
  }

  /// Where the default Prometheus answers; empty if it does not, or the cluster has none.
  private static String prometheus(AdminApi admin) {
    try {
      return admin.document(MonitoringRole.PATH).string("prometheus");
    } catch (CliException _) {
      return ""; // the part is left to another program
    }
  }

  /// What is to be known of the directory where storage drivers look for that of the node, if there
  /// is a node.
  static List<String> rootLines(Path usual, Path data) {
    boolean known = true;
    try {
      known = !Files.isDirectory(data.resolve("pods")) || UsualRoot.leadsTo(usual, data);
    } catch (IOException _) {
      // It cannot be looked at: nothing is said of it.
    }
    return known
        ? List.of()
        : List.of(
            "storage     %s belongs to something else: storage drivers have to be told of %s"
                .formatted(usual, data));
  }

  /// What is to be known of tasks that do not do their work, or have failed before.
  static List<String> taskLines(List<Struct> tasks) {
    List<String> lines = new ArrayList<>();
    for (Struct task : tasks) {
      String name = "task        " + task.string("name") + ": ";
      if (task.has("problem")) {
        lines.add(name + task.string("problem"));
      }
      if (task.integer("failures") > 0) {
        lines.add(
            name
                + "failed %d times, last at %s: %s"
                    .formatted(
                        task.integer("failures"),
                        task.string("lastFailureTime"),
                        task.string("lastFailure")));
      }
    }
    return lines;
  }
}
