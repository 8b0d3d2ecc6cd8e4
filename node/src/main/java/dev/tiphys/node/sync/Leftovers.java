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
  static void thin(NodeContext node, Observation seen) throws InterruptedException, IOException {
    Map<String, Integer> count = new HashMap<>();
    for (Observed observed : seen.containers()) {
      boolean surplus = count.merge(observed.name(), 1, Integer::sum) > KEPT;
      if (surplus && !observed.running()) {
        node.runtime().removeContainer(observed.status().id());
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
        node.runtime().removeSandbox(id);
      }
    }
  }

  /// Gives back what a Pod that does not run any more had: sandboxes that came up too late to be
  /// seen, and only then what they stand in, volumes and cgroup. What tells of its end stays.
  static void release(NodeContext node, Pod pod, Observation seen)
      throws InterruptedException, IOException {
    for (SandboxStatus sandbox : seen.sandboxes()) {
      String id = sandbox.sandbox().id();
      boolean runs = seen.running().stream().anyMatch(c -> c.sandboxId().equals(id));
      if (sandbox.sandbox().ready() || runs) {
        node.runtime().stopSandbox(id);
      }
    }
    node.guard().release(pod.uid());
    node.references().forget(pod.uid());
    node.volumes().remove(pod.uid());
    node.devices().release(pod.uid());
    node.cgroups().remove(pod.uid());
    node.admission().release(pod.uid());
  }

  /// Removes everything: sandboxes first, since all else is in use as long as they are there.
  static void remove(NodeContext node, Pod pod, Observation seen)
      throws InterruptedException, IOException {
    for (SandboxStatus sandbox : seen.sandboxes()) {
      node.runtime().removeSandbox(sandbox.sandbox().id());
    }
    node.cgroups().remove(pod.uid());
    PodDirectories directories = node.settings().directories();
    PodDirectories.removeTree(directories.pod(pod.uid()));
    if (!pod.name().isEmpty()) {
      PodDirectories.removeTree(directories.logs(pod.namespace(), pod.name(), pod.uid()));
    }
  }
}
