package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
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

  private static final System.Logger LOG = System.getLogger(UpCommand.class.getName());

  @Mixin private UpOptions options = new UpOptions();

  @Override
  public Integer call() throws InterruptedException {
    return start(options);
  }

  /// Starts a cluster. Returns the exit code once it has ended, or once it goes on by itself.
  static int start(UpOptions options) throws InterruptedException {
    boolean goesOn = DetachedCluster.isThis();
    if (options.detach && !goesOn) {
      return DetachedCluster.start(DataDirectory.make(options.server.dataDirectory));
    }
    if (goesOn) {
      LOG.log(Level.INFO, "the cluster starts: pid={0}", ProcessHandle.current().pid());
    }
    World world = new RealWorld();
    Progress progress = new Progress(world);
    Cluster cluster = new Cluster(world, options, progress);
    cluster.awaitComplete(progress);
    progress.say(cluster.welcome());
    if (goesOn) {
      LOG.log(Level.INFO, "the cluster is complete");
      progress.say(DetachedCluster.COMPLETE);
    }
    cluster.awaitEnd();
    return ExitCode.OK;
  }
}
