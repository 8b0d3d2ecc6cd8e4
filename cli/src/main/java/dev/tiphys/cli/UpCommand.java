package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/// `tiphys up`
@Command(
    name = "up",
    description = "Starts a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpCommand implements Callable<Integer> {

  @Mixin private UpOptions options = new UpOptions();

  @Override
  public Integer call() throws InterruptedException {
    boolean goesOn = DetachedCluster.isThis();
    if (options.detach && !goesOn) {
      return DetachedCluster.start(DataDirectory.make(options.server.dataDirectory));
    }
    World world = new RealWorld();
    Progress progress = new Progress(world);
    Cluster cluster = new Cluster(world, options, progress);
    cluster.awaitComplete(progress);
    progress.say(cluster.welcome());
    if (goesOn) {
      progress.say(DetachedCluster.COMPLETE);
    }
    cluster.awaitEnd();
    return ExitCode.OK;
  }
}
