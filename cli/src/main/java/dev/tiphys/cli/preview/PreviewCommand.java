package dev.tiphys.cli.preview;

import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.ManifestFiles;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.preview.ClusterCopy;
import dev.tiphys.preview.Preview;
import dev.tiphys.preview.PreviewRequest;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys preview`
@Command(
    name = "preview",
    description =
        "Says what would happen if files were applied: which pods would be replaced, evicted or left pending and why,"
            + " which claims would go, which budgets would be broken, which services would be without a pod. The real"
            + " controllers and the real scheduler work it out on a copy of the cluster, under virtual time; nothing is"
            + " written to the cluster. Exits with 1 if something is refused or does not get done.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PreviewCommand implements Callable<Integer> {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "A file or a directory of manifests, or '-' for standard input.")
  private List<String> files = List.of();

  @Option(names = "--delete", description = "What would happen if they were deleted.")
  private boolean delete;

  @Option(
      names = "--span",
      paramLabel = "MINUTES",
      description = "How many minutes to look ahead. Default: ${DEFAULT-VALUE}.")
  private int span = 15;

  @Option(
      names = {"-n", "--namespace"},
      description = "The namespace of what does not name one. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "'json' for programs. Default: a text.")
  private String output = "";

  @Option(names = "--steps", description = "Tell each step, not only what comes of it.")
  private boolean steps;

  @Option(
      names = "--scheduler-config",
      paramLabel = "FILE",
      description = "The file with the KubeSchedulerConfiguration that the scheduler works with.")
  private @Nullable Path schedulerConfig;

  @Mixin private FeatureOptions features = new FeatureOptions();
  @Mixin private ServerOption server = new ServerOption();

  @Override
  public Integer call() throws InterruptedException {
    if (!output.isEmpty() && !output.equals("json")) {
      throw new CliException("--output takes json, not " + output);
    }
    if (span < 1) {
      throw new CliException("--span takes a number of minutes above 0, not " + span);
    }
    List<Struct> manifests = ManifestFiles.read(files);
    World world = new RealWorld();
    Kubeconfig.Access access = server.access();
    HttpApi api = new HttpApi(world, access, "tiphys");
    ServerOption.require(api, access);
    ClusterCopy copy = ClusterCopy.of(api);
    if (!copy.lacking().isEmpty()) {
      throw new CliException(
          "a preview needs to know the cluster, but these may not be listed with these credentials: "
              + copy.lacking());
    }
    Struct report =
        Preview.of(
            copy,
            new PreviewRequest(
                manifests,
                delete,
                namespace,
                world.now(),
                Duration.ofMinutes(span),
                SchedulerFile.read(schedulerConfig, features.gates())));
    if (output.isEmpty()) {
      PreviewText.lines(report, steps).forEach(System.out::println);
    } else {
      System.out.println(Json.text(report));
    }
    return PreviewText.isGood(report) ? 0 : 1;
  }
}
