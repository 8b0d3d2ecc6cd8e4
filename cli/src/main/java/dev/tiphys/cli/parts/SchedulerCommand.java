package dev.tiphys.cli.parts;

import dev.tiphys.cli.data.LeaderIdentity;
import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.options.LeaderElectionOptions;
import dev.tiphys.cli.options.PartPageOptions;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.Leading;
import dev.tiphys.cli.roles.PartPages;
import dev.tiphys.cli.roles.WorkingScheduler;
import dev.tiphys.cli.why.WhyDocuments;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.RequestMetrics;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys scheduler`
@Command(
    name = "scheduler",
    description = "Runs the scheduler against an API server, and nothing else of a cluster.",
    mixinStandardHelpOptions = true)
public final class SchedulerCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private PartPageOptions pages = new PartPageOptions();
  @Mixin private FeatureOptions features = new FeatureOptions();
  @Mixin private LeaderElectionOptions election = new LeaderElectionOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file with a KubeSchedulerConfiguration: profiles, plugins and their arguments,"
              + " extenders.")
  private @Nullable Path config;

  /// The cluster that the file names, unless an option names one.
  private Kubeconfig.Access access(SchedulerConfiguration configuration) {
    String file = configuration.kubeconfig();
    return file.isEmpty() || server.isGiven()
        ? server.access()
        : ServerOption.access(Path.of(file));
  }

  @Override
  public void run() {
    SchedulerConfiguration configuration = SchedulerFile.read(config, features.gates());
    Kubeconfig.Access access = access(configuration);
    World world = new RealWorld();
    RequestMetrics requests = new RequestMetrics();
    HttpApi api = new HttpApi(world, access, Scheduler.PROGRAM, requests);
    ServerOption.require(api, access);
    SchedulerFile.require(configuration, world, api);
    Optional<ElectionSettings> settings =
        election.settings(
            configuration.leaderElection().elects(),
            SchedulerFile.election(configuration, LeaderIdentity.fresh(world)));
    try (Closeables running = new Closeables()) {
      WorkingScheduler working = new WorkingScheduler(world, api, configuration);
      String component = configuration.profiles().getFirst().scheduler();
      Leading leading =
          running.add(
              Leading.start(world, api, settings, new Leading.Parts(component, working::begin)));
      pages
          .start(
              world,
              api,
              PartPages.SCHEDULER,
              leading,
              out -> {
                configuration.gates().write(out);
                working.write(out);
                requests.write(out);
              },
              new WhyDocuments(api, working::why))
          .ifPresent(running::add);
      System.out.println("The scheduler works with " + access.server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
