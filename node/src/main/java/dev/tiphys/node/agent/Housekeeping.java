package dev.tiphys.node.agent;

import dev.tiphys.client.Informer;
import dev.tiphys.node.logs.LogRotator;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.sync.NodeContext;
import dev.tiphys.node.sync.PodWorkers;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What is to be done now and then: rotate logs, and clear away what is left of Pods that are gone.
///
/// Only what this node's agent has made is touched: others may use the same runtime.
///
/// Threads: its own task; [#clearOrphans] any.
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final NodeContext node;
  private final Informer pods;
  private final PodWorkers workers;
  private final VolumeMetrics metrics;
  private final PodDirectories directories;
  private final Map<String, String> ours;

  Housekeeping(NodeContext node, Informer pods, PodWorkers workers, VolumeMetrics metrics) {
    this.node = node;
    this.pods = pods;
    this.workers = workers;
    this.metrics = metrics;
    this.directories = node.settings().directories();
    this.ours = Map.of(PodLabels.NODE, node.settings().name());
  }

  void run() throws InterruptedException {
    LogRotator rotator =
        new LogRotator(
            node.world(), node.runtime(), ours, LogRotator.MAX_SIZE, LogRotator.MAX_FILES);
    while (true) {
      node.world().background().sleep(ROUND);
      try {
        rotator.rotate();
        clearOrphans();
        node.volumes().tidy();
      } catch (RuntimeFailure e) {
        LOG.log(Level.DEBUG, "the runtime does not answer: {0}", e.getMessage());
      }
    }
  }

  /// Clears away what is there of Pods that are gone. Does nothing as long as it is not known which
  /// Pods there are. What cannot be removed does not keep the rest from being removed, and is tried
  /// again in the next round.
  ///
  /// @throws RuntimeFailure if the runtime does not say what it has
  void clearOrphans() throws InterruptedException {
    if (!pods.synced()) {
      return;
    }
    workers.adoptOrphans(node.runtime().sandboxes(ours));
    for (String uid : node.volumes().users()) {
      if (!workers.knows(uid)) {
        boolean _ = removing(uid, () -> node.volumes().remove(uid));
      }
    }
    for (String uid : node.devices().users()) {
      if (!workers.knows(uid)) {
        boolean _ = removing(uid, () -> node.devices().release(uid));
      }
    }
    int cleaned = 0;
    int failed = 0;
    try {
      for (String uid : directories.uids()) {
        if (!workers.knows(uid)) {
          boolean removed = removing(uid, () -> removeFiles(uid));
          cleaned += removed ? 1 : 0;
          failed += removed ? 0 : 1;
        }
      }
      metrics.orphans(cleaned, failed);
      for (Map.Entry<String, Path> logs : directories.logs().entrySet()) {
        if (!workers.knows(logs.getKey())) {
          boolean _ = removing(logs.getKey(), () -> PodDirectories.removeTree(logs.getValue()));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the directories of pods cannot be listed: {0}", e);
    }
  }

  private void removeFiles(String uid) throws IOException, InterruptedException {
    node.volumes().remove(uid);
    node.cgroups().remove(uid);
    PodDirectories.removeTree(directories.pod(uid));
  }

  private interface Removal {
    void run() throws IOException, InterruptedException;
  }

  /// Returns whether nothing went wrong.
  private static boolean removing(String uid, Removal removal) throws InterruptedException {
    try {
      removal.run();
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files of a pod that is gone were not removed: uid={0} {1}", uid, e);
      return false;
    }
  }
}
