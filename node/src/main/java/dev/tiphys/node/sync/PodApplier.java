package dev.tiphys.node.sync;

import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.devices.DeviceFailure;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.pull.PullFailure;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.SandboxSpec;
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
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration REFRESH = Duration.ofSeconds(60);
  private static final Duration SHORT_WAIT = Duration.ofMillis(100);
  private static final Duration FIRST_VOLUME_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_VOLUME_RETRY = Duration.ofSeconds(122);

  private final NodeContext node;
  private final ContainerStarter starter;
  private final PodStopper stopper;
  private final Runnable onStale;
  private final Postponed postponed = new Postponed();
  private final Map<String, Backoff> backoffs = new HashMap<>();
  private boolean waits;
  private Duration volumeRetry = FIRST_VOLUME_RETRY;
  private @Nullable Map<String, Path> volumes;
  private volatile boolean stale;
  private Instant refreshAt = Instant.MIN;
  private Struct shown = Struct.EMPTY;
  private @Nullable SandboxContext sandbox;
  private String guarded = "";

  /// @param onStale told when what a volume shows has changed
  PodApplier(NodeContext node, PodStopper stopper, Runnable onStale) {
    this.node = node;
    this.stopper = stopper;
    this.onStale = onStale;
    this.starter = new ContainerStarter(node);
  }

  Postponed postponed() {
    return postponed;
  }

  Map<String, Backoff> backoffs() {
    return backoffs;
  }

  /// Does the actions, but for those that are postponed. Returns whether anything was tried.
  boolean apply(Pod pod, Observation seen, List<PodAction> actions) throws InterruptedException {
    Instant now = node.world().now();
    if (stale) {
      postponed.hurry(); // What was missing may be there.
    }
    List<PodAction> due =
        actions.stream()
            .filter(
                a ->
                    !(a instanceof PodAction.StartContainer start)
                        || !postponed.isStart(start.container().name(), now))
            .toList();
    if (due.isEmpty() || postponed.isEverything(now)) {
      return false;
    }
    sandbox = null;
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
        node.events().normal(pod, "SandboxChanged", message);
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
    waits = false;
    if (makeFiles(pod, seen) && prepareDevices(pod)) {
      refreshAt = node.world().now().plus(REFRESH);
      volumeRetry = FIRST_VOLUME_RETRY;
      return true;
    }
    if (waits) {
      postponed.everything(node.world().now().plus(SHORT_WAIT));
      return false;
    }
    postponed.everything(node.world().now().plus(nextVolumeRetry()));
    return false;
  }

  /// Brings the volumes of a Pod that runs up to date: now and then, and when what they may show of
  /// the Pod has changed. What fails is told, and tried again.
  void refresh(Pod pod, Observation seen) throws InterruptedException {
    Instant now = node.world().now();
    boolean due = stale || !refreshAt.isAfter(now) || !shownOf(pod).equals(shown);
    if (due && !seen.running().isEmpty()) {
      boolean fresh = makeFiles(pod, seen);
      refreshAt = now.plus(fresh ? REFRESH : nextVolumeRetry());
      if (fresh) {
        volumeRetry = FIRST_VOLUME_RETRY;
      }
    }
  }

  /// When volumes are to be brought up to date next.
  Instant nextRefresh() {
    return refreshAt;
  }

  private Duration nextVolumeRetry() {
    Duration now = volumeRetry;
    Duration longer = volumeRetry.multipliedBy(2);
    volumeRetry = longer.compareTo(LONGEST_VOLUME_RETRY) > 0 ? LONGEST_VOLUME_RETRY : longer;
    return now;
  }

  private boolean prepareDevices(Pod pod) throws InterruptedException {
    try {
      node.devices().prepare(pod);
      return true;
    } catch (DeviceFailure e) {
      volumes = null; // All is looked at again.
      node.events()
          .warning(
              pod,
              "FailedPrepareDynamicResources",
              "Failed to prepare dynamic resources: prepare dynamic resources: " + e.message());
      return false;
    }
  }

  private static Struct shownOf(Pod pod) {
    return Struct.of("labels", pod.meta().labels(), "annotations", pod.meta().annotations());
  }

  private boolean makeFiles(Pod pod, Observation seen) throws InterruptedException {
    shown = shownOf(pod);
    stale = false;
    node.references().watch(pod, this::volumesChanged);
    try {
      Files.createDirectories(node.settings().directories().pod(pod.uid()));
      Files.createDirectories(
          node.settings().directories().logs(pod.namespace(), pod.name(), pod.uid()));
      node.cgroups().make(pod);
      volumes = node.volumes().prepare(node.containers().fields(pod, seen.addresses()));
      return true;
    } catch (VolumeFailure e) {
      waits = e.waits();
      report(pod, e);
    } catch (IOException e) {
      Interrupts.check();
      node.events()
          .warning(pod, "FailedCreatePodContainer", "unable to ensure pod container exists: " + e);
    }
    return false;
  }

  private void report(Pod pod, VolumeFailure failure) {
    if (!failure.waits()) {
      node.events().warning(pod, failure.reason(), failure.message());
    }
    for (Throwable other : failure.getSuppressed()) {
      if (other instanceof VolumeFailure another) {
        report(pod, another);
      }
    }
  }

  private void volumesChanged() {
    stale = true;
    onStale.run();
  }

  private boolean createSandbox(Pod pod, int attempt) throws InterruptedException {
    if (!networkReady(pod)) {
      postponed.everything(node.world().now().plusSeconds(1));
      return false;
    }
    if (node.names().misses(pod)) {
      node.events()
          .warning(
              pod,
              "MissingClusterDNS",
              "kubelet does not have ClusterDNS IP configured and cannot create Pod using"
                  + " \"ClusterFirst\" policy. Falling back to \"Default\" policy.");
    }
    SandboxSpec spec = node.sandboxes().of(pod, attempt);
    try {
      String id = node.runtime().runSandbox(spec);
      SandboxStatus status = node.runtime().sandboxStatus(id);
      sandbox = new SandboxContext(id, spec, status.addresses(), volumesOr(Map.of()));
      return true;
    } catch (RuntimeFailure e) {
      if (e.reason() == RuntimeFailure.Reason.UNAVAILABLE) {
        throw e; // It is being started again, and soon there.
      }
      node.events()
          .warning(
              pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      postponed.everything(node.world().now().plus(RETRY));
      return false;
    }
  }

  private boolean networkReady(Pod pod) throws InterruptedException {
    if (pod.hostNetwork()) {
      return true;
    }
    String problem = node.network().problem();
    if (!problem.isEmpty()) {
      node.events().warning(pod, "NetworkNotReady", "network is not ready: " + problem);
    }
    return problem.isEmpty();
  }

  private Map<String, Path> volumesOr(Map<String, Path> otherwise) {
    return volumes == null ? otherwise : volumes;
  }

  private void start(Pod pod, Observation seen, PodAction.StartContainer action)
      throws InterruptedException {
    SandboxContext context = sandbox == null ? present(pod, seen) : sandbox;
    if (context == null) {
      return; // The sandbox has just gone: the next plan makes another one.
    }
    sandbox = context;
    if (!protect(pod, context)) {
      return;
    }
    PodContainer container = action.container();
    Observed before = action.before();
    Instant now = node.world().now();
    Instant ended = before == null ? null : before.status().finished();
    if (ended != null) {
      backoffs.compute(
          PodPlanner.backoffKey(container), (_, known) -> Backoff.next(known, ended, now));
    }
    try {
      starter.start(pod, container, before, context, seen);
      postponed.started(container.name());
    } catch (StartFailure e) {
      postponed.start(container.name(), new Waiting(e.reason(), e.message()), now.plus(RETRY));
    } catch (PullFailure e) {
      postponed.start(
          container.name(),
          new Waiting(e.reason(), e.message()),
          node.world().now().plus(e.retryAfter()));
    }
  }

  /// Returns whether all that is to hold for the Pod's network does.
  private boolean protect(Pod pod, SandboxContext context) throws InterruptedException {
    if (context.id().equals(guarded)) {
      return true;
    }
    try {
      node.guard().protect(pod.object(), context.addresses());
      guarded = context.id();
      return true;
    } catch (CniException e) {
      node.events()
          .warning(
              pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
      postponed.everything(node.world().now().plusSeconds(1));
      return false;
    }
  }

  private @Nullable SandboxContext present(Pod pod, Observation seen) {
    SandboxStatus sandbox = seen.sandbox();
    if (sandbox == null) {
      return null;
    }
    return new SandboxContext(
        sandbox.sandbox().id(),
        node.sandboxes().of(pod, sandbox.sandbox().name().attempt()),
        sandbox.addresses(),
        volumesOr(Map.of()));
  }
}
