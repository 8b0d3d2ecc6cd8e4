package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.settings.PodDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Removes what a Pod leaves behind on its way, and at its end.
final class Leftovers {
  /// Beside the one that runs, so that its log and its end can be looked at.
  private static final int KEPT = 2;

  private Leftovers() {}

  /// Removes containers that were replaced more than once, with their logs, and sandboxes that
  /// nothing is in.
  static void thin(Means means, Observation seen) throws InterruptedException, IOException {
    Map<String, Integer> count = new HashMap<>();
    for (Observed observed : seen.containers()) {
      boolean surplus = count.merge(observed.name(), 1, Integer::sum) > KEPT;
      if (surplus && !observed.running()) {
        means.runtime().removeContainer(observed.status().id());
        if (!observed.status().logPath().isEmpty()) {
          Files.deleteIfExists(Path.of(observed.status().logPath()));
        }
      }
    }
    for (SandboxStatus sandbox : seen.sandboxes()) {
      String id = sandbox.sandbox().id();
      boolean newest = sandbox == seen.sandbox();
      if (!newest
          && !sandbox.sandbox().ready()
          && seen.containers().stream().noneMatch(c -> c.sandboxId().equals(id))) {
        means.runtime().removeSandbox(id);
      }
    }
  }

  /// Gives back what a Pod that does not run any more had: volumes and cgroup. What tells of its
  /// end stays.
  static void release(Means means, Pod pod) throws InterruptedException, IOException {
    means.volumes().remove(pod.uid());
    means.cgroups().remove(pod.uid());
    means.admission().release(pod.uid());
  }

  /// Removes everything.
  static void remove(Means means, Pod pod, Observation seen)
      throws InterruptedException, IOException {
    for (SandboxStatus sandbox : seen.sandboxes()) {
      means.runtime().removeSandbox(sandbox.sandbox().id());
    }
    PodDirectories directories = means.settings().directories();
    PodDirectories.removeTree(directories.pod(pod.uid()));
    if (!pod.name().isEmpty()) {
      PodDirectories.removeTree(directories.logs(pod.namespace(), pod.name(), pod.uid()));
    }
  }
}
