package dev.tiphys.node.sync;

import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.pull.PullFailure;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.SandboxSpec;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.spec.StartFailure;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does what a plan says, for one Pod, and remembers what did not work.
///
/// Threads: the Pod's worker.
final class PodApplier {
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Duration REFRESH = Duration.ofSeconds(60);
  private static final Duration FIRST_VOLUME_REST = Duration.ofMillis(500);
  private static final Duration LONGEST_VOLUME_REST = Duration.ofSeconds(122);

  private final Means means;
  private final ContainerStarter starter;
  private final PodStopper stopper;
  private final Rests rests = new Rests();
  private final Map<String, Backoff> backoffs = new HashMap<>();
  private Duration volumeRest = FIRST_VOLUME_REST;
  private @Nullable Map<String, Path> volumes;
  private @Nullable Instant refreshed;
  private Struct shown = Struct.EMPTY;
  private ContainerStarter.@Nullable Place place;

  PodApplier(Means means, PodStopper stopper) {
    this.means = means;
    this.stopper = stopper;
    this.starter = new ContainerStarter(means);
  }

  Rests rests() {
    return rests;
  }

  Map<String, Backoff> backoffs() {
    return backoffs;
  }

  /// Does the actions, but for those that have to rest. Returns whether anything was tried.
  boolean apply(Pod pod, Observation seen, List<PodAction> actions) throws InterruptedException {
    Instant now = means.world().now();
    List<PodAction> due =
        actions.stream()
            .filter(
                a ->
                    !(a instanceof PodAction.StartContainer start)
                        || !rests.resting(start.container().name(), now))
            .toList();
    if (due.isEmpty() || rests.resting(now)) {
      return false;
    }
    place = null;
    for (PodAction action : due) {
      if (!apply(pod, seen, action)) {
        return false;
      }
    }
    return true;
  }

  /// Returns whether the actions after this one make sense.
  private boolean apply(Pod pod, Observation seen, PodAction action) throws InterruptedException {
    return switch (action) {
      case PodAction.StopRemains() -> {
        String message = "Pod sandbox changed, it will be killed and re-created.";
        means.events().normal(pod, "SandboxChanged", message);
        stopper.stopAll(pod, seen, pod.grace());
        yield true;
      }
      case PodAction.CreateSandbox(int attempt) ->
          prepare(pod, seen) && createSandbox(pod, attempt);
      case PodAction.StopContainer(var _, var observed, var message, var grace) -> {
        stopper.stop(pod, seen, observed, message, grace == null ? pod.grace() : grace);
        yield true;
      }
      case PodAction.StartContainer start -> {
        boolean prepared = volumes != null || prepare(pod, seen);
        if (prepared) {
          start(pod, seen, start);
        }
        yield prepared;
      }
    };
  }

  /// Makes what the Pod's containers are to find: directories, cgroup, volumes.
  private boolean prepare(Pod pod, Observation seen) throws InterruptedException {
    if (makeFiles(pod, seen)) {
      volumeRest = FIRST_VOLUME_REST;
      return true;
    }
    rests.rest(means.world().now().plus(volumeRest));
    Duration longer = volumeRest.multipliedBy(2);
    volumeRest = longer.compareTo(LONGEST_VOLUME_REST) > 0 ? LONGEST_VOLUME_REST : longer;
    return false;
  }

  /// Brings the volumes of a Pod that runs up to date: now and then, and when what they may show of
  /// the Pod has changed. What fails is told, and tried the next time.
  void refresh(Pod pod, Observation seen) throws InterruptedException {
    Instant now = means.world().now();
    boolean due =
        refreshed == null || !refreshed.plus(REFRESH).isAfter(now) || !shownOf(pod).equals(shown);
    if (due && !seen.running().isEmpty()) {
      boolean _ = makeFiles(pod, seen);
    }
  }

  private static Struct shownOf(Pod pod) {
    return Struct.of("labels", pod.meta().labels(), "annotations", pod.meta().annotations());
  }

  private boolean makeFiles(Pod pod, Observation seen) throws InterruptedException {
    refreshed = means.world().now();
    shown = shownOf(pod);
    try {
      Files.createDirectories(means.settings().directories().pod(pod.uid()));
      Files.createDirectories(
          means.settings().directories().logs(pod.namespace(), pod.name(), pod.uid()));
      means.cgroups().make(pod);
      volumes = means.volumes().prepare(means.containers().fields(pod, seen.addresses()));
      return true;
    } catch (VolumeFailure e) {
      means.events().warning(pod, "FailedMount", e.message());
    } catch (IOException e) {
      Interrupts.check();
      means
          .events()
          .warning(pod, "FailedCreatePodContainer", "unable to ensure pod container exists: " + e);
    }
    return false;
  }

  private boolean createSandbox(Pod pod, int attempt) throws InterruptedException {
    if (!networkReady(pod)) {
      rests.rest(means.world().now().plusSeconds(1));
      return false;
    }
    if (means.names().misses(pod)) {
      means
          .events()
          .warning(
              pod,
              "MissingClusterDNS",
              "kubelet does not have ClusterDNS IP configured and cannot create Pod using"
                  + " \"ClusterFirst\" policy. Falling back to \"Default\" policy.");
    }
    SandboxSpec spec = means.sandboxes().of(pod, attempt);
    try {
      String id = means.runtime().runSandbox(spec);
      SandboxStatus status = means.runtime().sandboxStatus(id);
      place = new ContainerStarter.Place(id, spec, status.addresses(), volumesOr(Map.of()));
      return true;
    } catch (RuntimeFailure e) {
      if (e.reason() == RuntimeFailure.Reason.UNAVAILABLE) {
        throw e; // It is being started again, and soon there.
      }
      means
          .events()
          .warning(
              pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      rests.rest(means.world().now().plus(REST));
      return false;
    }
  }

  private boolean networkReady(Pod pod) throws InterruptedException {
    if (pod.hostNetwork()) {
      return true;
    }
    String problem = means.network().problem();
    if (!problem.isEmpty()) {
      means.events().warning(pod, "NetworkNotReady", "network is not ready: " + problem);
    }
    return problem.isEmpty();
  }

  private Map<String, Path> volumesOr(Map<String, Path> otherwise) {
    return volumes == null ? otherwise : volumes;
  }

  private void start(Pod pod, Observation seen, PodAction.StartContainer action)
      throws InterruptedException {
    ContainerStarter.Place where = place == null ? present(pod, seen) : place;
    if (where == null) {
      return; // The sandbox has just gone: the next plan makes another one.
    }
    place = where;
    PodContainer container = action.container();
    Observed before = action.before();
    Instant now = means.world().now();
    Instant ended = before == null ? null : before.status().finished();
    if (ended != null) {
      backoffs.compute(
          PodPlanner.backoffKey(container), (_, known) -> Backoff.next(known, ended, now));
    }
    try {
      starter.start(pod, container, before, where, seen);
      rests.forget(container.name());
    } catch (StartFailure e) {
      rests.rest(container.name(), new Waiting(e.reason(), e.message()), now.plus(REST));
    } catch (PullFailure e) {
      rests.rest(
          container.name(),
          new Waiting(e.reason(), e.message()),
          means.world().now().plus(e.rest()));
    }
  }

  private ContainerStarter.@Nullable Place present(Pod pod, Observation seen) {
    SandboxStatus sandbox = seen.sandbox();
    if (sandbox == null) {
      return null;
    }
    return new ContainerStarter.Place(
        sandbox.sandbox().id(),
        means.sandboxes().of(pod, sandbox.sandbox().name().attempt()),
        sandbox.addresses(),
        volumesOr(Map.of()));
  }
}
