package dev.tiphys.node.agent;

import dev.tiphys.client.Informer;
import dev.tiphys.node.logs.LogRotator;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.sync.PodWorkers;
import dev.tiphys.node.sync.QosCgroups;
import dev.tiphys.node.volumes.PodVolumes;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What is to be done now and then: rotate logs, and clear away what belongs to nobody any more.
///
/// Threads: its own task; [#clearOrphans] any.
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final World world;
  private final PodDirectories directories;
  private final ContainerRuntime runtime;
  private final Informer pods;
  private final PodWorkers workers;
  private final PodVolumes volumes;
  private final QosCgroups cgroups;

  Housekeeping(
      World world,
      PodDirectories directories,
      ContainerRuntime runtime,
      Informer pods,
      PodWorkers workers,
      PodVolumes volumes,
      QosCgroups cgroups) {
    this.world = world;
    this.directories = directories;
    this.runtime = runtime;
    this.pods = pods;
    this.workers = workers;
    this.volumes = volumes;
    this.cgroups = cgroups;
  }

  void run() {
    LogRotator rotator = new LogRotator(world, runtime, LogRotator.MAX_SIZE, LogRotator.MAX_FILES);
    try {
      while (true) {
        world.background().sleep(ROUND);
        try {
          rotator.rotate();
          clearOrphans();
        } catch (RuntimeFailure e) {
          LOG.log(Level.DEBUG, "the runtime does not answer: {0}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "a round failed", e);
        }
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /// Clears away what is there of Pods that are gone. Does nothing as long as it is not known which
  /// Pods there are.
  void clearOrphans() throws InterruptedException {
    if (!pods.synced()) {
      return;
    }
    workers.adoptOrphans(runtime.sandboxes(Map.of()));
    try {
      for (String uid : directories.uids()) {
        if (!workers.knows(uid)) {
          volumes.remove(uid);
          cgroups.remove(uid);
          PodDirectories.removeTree(directories.pod(uid));
        }
      }
      for (Map.Entry<String, Path> logs : directories.logs().entrySet()) {
        if (!workers.knows(logs.getKey())) {
          PodDirectories.removeTree(logs.getValue());
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files of a pod that is gone were not removed", e);
    }
  }
}
