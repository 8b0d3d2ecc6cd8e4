package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.ContainerHash;
import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.RestartPolicy;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.spec.ContainerAnnotations;
import dev.tiphys.object.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what to do next for a Pod that is to run: from what it asks for and what there is, without
/// looking at anything else.
///
/// Order: a sandbox; then the init containers, each when the one before has done its work or, if
/// that is a side car, has started; then all others. Ephemeral containers come as they are added.
final class PodPlanner {

  private final Pod pod;
  private final Observation seen;
  private final Health health;
  private final Map<String, Backoff> backoffs;
  private final Instant now;
  private final List<PodAction> actions = new ArrayList<>();
  private final Map<String, Waiting> waiting = new HashMap<>();
  private @Nullable Instant again;

  /// @param backoffs by [#backoffKey]
  private PodPlanner(
      Pod pod, Observation seen, Health health, Map<String, Backoff> backoffs, Instant now) {
    this.pod = pod;
    this.seen = seen;
    this.health = health;
    this.backoffs = backoffs;
    this.now = now;
  }

  static PodPlan plan(
      Pod pod, Observation seen, Health health, Map<String, Backoff> backoffs, Instant now) {
    PodPlanner planner = new PodPlanner(pod, seen, health, backoffs, now);
    planner.plan();
    return new PodPlan(planner.actions, planner.waiting, planner.again);
  }

  /// By what a container's back-off is remembered: a changed container starts without one.
  static String backoffKey(PodContainer container) {
    return container.name() + "/" + ContainerHash.of(container);
  }

  private void plan() {
    SandboxStatus sandbox = usableSandbox();
    if (sandbox == null) {
      startAnew();
      return;
    }
    for (PodContainer container : pod.ephemeralContainers()) {
      if (seen.newest(container.name()) == null) {
        actions.add(new PodAction.StartContainer(container, null));
      }
    }
    if (initialize(sandbox.sandbox().id())) {
      pod.containers().forEach(this::keepRunning);
    }
  }

  private @Nullable SandboxStatus usableSandbox() {
    SandboxStatus newest = seen.sandbox();
    if (newest == null || !newest.sandbox().ready()) {
      return null;
    }
    long ready = seen.sandboxes().stream().filter(s -> s.sandbox().ready()).count();
    boolean onNodesNetwork = newest.network() == Namespaces.Mode.NODE;
    if (ready > 1 || onNodesNetwork != pod.hostNetwork()) {
      return null;
    }
    return onNodesNetwork || !newest.addresses().isEmpty() ? newest : null;
  }

  private void startAnew() {
    SandboxStatus last = seen.sandbox();
    if (last != null) {
      boolean everRan = !seen.containers().isEmpty();
      if (everRan && pod.restartPolicy() == RestartPolicy.NEVER) {
        return;
      }
      if (allDone()) {
        return;
      }
      actions.add(new PodAction.StopRemains());
    }
    actions.add(
        new PodAction.CreateSandbox(last == null ? 0 : last.sandbox().name().attempt() + 1));
    if (pod.initContainers().isEmpty()) {
      pod.containers().stream().filter(c -> !isDone(c)).forEach(this::start);
    } else {
      start(pod.initContainers().getFirst());
    }
  }

  private boolean allDone() {
    return pod.containers().stream().allMatch(this::isDone);
  }

  private boolean isDone(PodContainer container) {
    Observed newest = seen.newest(container.name());
    return newest != null
        && newest.exited()
        && !isOutdated(container, newest)
        && !container.restartPolicy(pod).restartsAfter(newest.status().exitCode());
  }

  /// Goes on with the init containers. Returns whether the regular ones may run.
  private boolean initialize(String sandbox) {
    boolean initialized =
        pod.containers().stream().anyMatch(c -> seen.newestIn(sandbox, c.name()) != null);
    for (PodContainer container : pod.initContainers()) {
      Observed observed = seen.newestIn(sandbox, container.name());
      boolean passed =
          container.isSidecar()
              ? keepSidecar(container, observed)
              : initialized || runOnce(container, observed);
      if (!passed && !initialized) {
        return false;
      }
    }
    return true;
  }

  /// Returns whether the side car has started, so that the next container may.
  private boolean keepSidecar(PodContainer container, @Nullable Observed observed) {
    if (observed == null || !observed.running()) {
      start(container);
      return false;
    }
    Health.Verdict verdict = health.of(container, observed.status().id());
    if (mustStop(container, observed, verdict)) {
      return false;
    }
    return verdict.started();
  }

  /// Returns whether the init container has done its work.
  private boolean runOnce(PodContainer container, @Nullable Observed observed) {
    if (observed != null && observed.running()) {
      return false;
    }
    if (observed != null && observed.exited()) {
      int code = observed.status().exitCode();
      if (code == 0) {
        return true;
      }
      if (!container.restartPolicy(pod).restartsAfter(code)) {
        return false;
      }
    }
    start(container);
    return false;
  }

  private void keepRunning(PodContainer container) {
    Observed observed = seen.newest(container.name());
    if (observed == null || !observed.running()) {
      if (!isDone(container)) {
        start(container);
      }
      return;
    }
    // One that was stopped is started again when it is seen to have ended.
    mustStop(container, observed, health.of(container, observed.status().id()));
  }

  /// Whether the container was made from another spec. It is then replaced, whatever its restart
  /// policy says.
  private static boolean isOutdated(PodContainer container, Observed observed) {
    String hash = observed.annotation(ContainerAnnotations.HASH);
    return !hash.isEmpty() && !hash.equals(ContainerHash.of(container));
  }

  /// Stops a running container if it is not what it should be. Returns whether it is not.
  private boolean mustStop(PodContainer container, Observed observed, Health.Verdict verdict) {
    if (isOutdated(container, observed)) {
      stop(container, observed, "Container %s definition changed, will be restarted", null);
      return true;
    }
    String probe =
        switch (verdict.fault()) {
          case NONE -> "";
          case LIVENESS -> "liveness";
          case STARTUP -> "startup";
        };
    if (probe.isEmpty()) {
      return false;
    }
    boolean restarts = container.restartPolicy(pod) != RestartPolicy.NEVER;
    stop(
        container,
        observed,
        "Container %s failed " + probe + " probe" + (restarts ? ", will be restarted" : ""),
        probeGrace(container, probe));
    return true;
  }

  private static @Nullable Duration probeGrace(PodContainer container, String probe) {
    var spec = container.probe(probe + "Probe");
    return spec.has("terminationGracePeriodSeconds")
        ? Duration.ofSeconds(spec.integer("terminationGracePeriodSeconds"))
        : null;
  }

  private void stop(
      PodContainer container, Observed observed, String message, @Nullable Duration grace) {
    actions.add(
        new PodAction.StopContainer(
            container, observed, message.formatted(container.name()), grace));
  }

  /// Starts a container, unless the last one of its name has failed too recently.
  private void start(PodContainer container) {
    Observed last = seen.newest(container.name());
    Instant ended = last == null ? null : last.status().finished();
    Instant until =
        ended == null ? null : Backoff.until(backoffs.get(backoffKey(container)), ended);
    if (ended == null || until == null || !until.isAfter(now)) {
      actions.add(new PodAction.StartContainer(container, last));
      return;
    }
    waiting.put(
        container.name(),
        new Waiting(
            "CrashLoopBackOff",
            "back-off %s restarting failed container=%s pod=%s"
                .formatted(
                    GoDuration.text(Duration.between(ended, until)),
                    container.name(),
                    pod.fullName())));
    if (again == null || until.isBefore(again)) {
      again = until;
    }
  }
}
