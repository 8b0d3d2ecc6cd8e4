package dev.tiphys.scheduler;

import dev.tiphys.client.Cause;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Attempt;
import dev.tiphys.scheduler.decisions.Attempt.Outcome;
import dev.tiphys.scheduler.decisions.Attempt.Refusal;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.extenders.ExtenderException;
import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.PermitPlugin.Permission;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PostBindPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Result;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.world.Task;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way of one Pod from its node's choice to its binding: reserve, permit, pre-bind, bind,
/// post-bind. Whatever fails on the way, what was reserved is given back and the Pod waits again.
///
/// Threads: the scheduling task, but for pre-bind, which has a task of its own, and bind, which is
/// done by the writers; and what is asked of a waiting Pod, which any may ask.
final class BindingCycle implements WaitingPod {

  private static final System.Logger LOG = System.getLogger(BindingCycle.class.getName());

  /// How long the end of a task is awaited that was interrupted.
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final BindingCycles all;
  private final QueuedPod queued;
  private final PodInfo pod;
  private final NodeInfo node;
  private final ProfileWork work;
  private final Profile profile;
  private final CycleState state;

  private final Permits permits;

  private Step step = Step.RESERVING;

  /// Since when it waits for permission.
  private long waitingSince;

  /// Whether the cluster was told of the node.
  private boolean expected;

  private @Nullable Task preBinding;

  /// How far it has come.
  private enum Step {
    RESERVING,
    WAITING,
    PRE_BINDING,
    BINDING,
    OVER
  }

  BindingCycle(
      BindingCycles all, QueuedPod queued, NodeInfo node, ProfileWork work, CycleState state) {
    this.all = all;
    this.queued = queued;
    this.pod = queued.pod();
    this.node = node;
    this.work = work;
    this.profile = work.profile();
    this.state = state;
    this.permits = new Permits(all.world, this::reject);
  }

  @Override
  public PodInfo pod() {
    return pod;
  }

  @Override
  public NodeInfo node() {
    return node;
  }

  @Override
  public Set<String> pending() {
    return permits.missing();
  }

  void begin() {
    if (reserve()) {
      permission();
    }
  }

  /// Sets aside what the Pod takes. Returns whether that was done; if not, the Pod waits again.
  boolean reserve() {
    long begin = all.world.nanoTime();
    for (ReservePlugin plugin : profile.reserve()) {
      try {
        @Nullable Rejection rejection =
            state.<@Nullable Rejection, RuntimeException>timed(
                Point.RESERVE, plugin, () -> plugin.reserve(state, pod, node));
        if (rejection != null) {
          refuse(rejection);
          return false;
        }
      } catch (RuntimeException e) {
        fail("running Reserve plugin \"" + plugin.name() + "\": " + message(e));
        return false;
      }
    }
    work.asked(Point.RESERVE, Result.SCHEDULED, all.world.nanoTime() - begin);
    return true;
  }

  /// Goes on with a Pod that was held until others had nodes too.
  void proceed() {
    all.queue.onEvent(ClusterEvent.arrived(pod, node));
    permission();
  }

  /// Gives back what was held for the Pod, as others have no nodes: nothing has seen it taken.
  ///
  /// @param nominated the node that the Pod is to have later; empty if it is to have none
  /// @param plugin the one that knows what may help
  void release(String message, String nominated, String plugin) {
    if (giveBack()) {
      work.reports().failed(pod, "Unschedulable", message, nominated);
      note(new Outcome.Unschedulable(message, nominated, List.of()), List.of());
      count(Result.UNSCHEDULABLE);
      all.queue.waitForChange(queued, Set.of(plugin));
    }
  }

  private void permission() {
    if (profile.permit().isEmpty()) {
      permitted();
    } else {
      permit();
    }
  }

  private void permit() {
    long begin = all.world.nanoTime();
    for (PermitPlugin plugin : profile.permit()) {
      Permission permission;
      try {
        permission =
            state.<Permission, RuntimeException>timed(
                Point.PERMIT, plugin, () -> plugin.permit(state, pod, node));
      } catch (RuntimeException e) {
        fail("running Permit plugin \"" + plugin.name() + "\": " + message(e));
        return;
      }
      switch (permission) {
        case Permission.Allowed() -> {}
        case Permission.Denied(var why) -> {
          refuse(why);
          return;
        }
        case Permission.Wait(var span) -> permits.await(plugin.name(), span);
      }
    }
    work.asked(Point.PERMIT, Result.SCHEDULED, all.world.nanoTime() - begin);
    if (permits.areComplete()) {
      permitted();
    } else {
      step = Step.WAITING;
      waitingSince = all.world.nanoTime();
      all.waits(this);
      expect();
    }
  }

  @Override
  public void allow(String plugin) {
    all.inbox.post(
        () -> {
          if (permits.give(plugin) && step == Step.WAITING) {
            work.metrics().permitted(Result.SCHEDULED, all.world.nanoTime() - waitingSince);
            all.waitsNoMore(this);
            permitted();
          }
        });
  }

  @Override
  public void reject(String plugin, String reason) {
    all.inbox.post(
        () -> {
          if (step == Step.WAITING) {
            work.metrics().permitted(Result.UNSCHEDULABLE, all.world.nanoTime() - waitingSince);
            refuse(Rejection.curable(plugin, reason));
          }
        });
  }

  /// From here on the Pod is not unschedulable any more: what fails has failed for other reasons.
  private void permitted() {
    all.queue.permitted(queued);
    step = Step.PRE_BINDING;
    List<PreBindPlugin> wanted;
    try {
      wanted =
          profile.preBind().stream()
              .filter(plugin -> plugin.preBindPreFlight(state, pod, node))
              .toList();
    } catch (RuntimeException e) {
      fail(message(e));
      return;
    }
    if (wanted.isEmpty()) {
      bind();
    } else {
      expect();
      preBinding =
          all.world.start(
              "pre-bind-" + pod.uid(), () -> Cause.during(pod.revision(), () -> preBind(wanted)));
    }
  }

  /// Tells which node the Pod is expected on, as it is not bound there at once: what scales nodes
  /// has to know that this one is wanted.
  private void expect() {
    if (!expected && !pod.nominated().equals(node.name())) {
      expected = true;
      work.reports().expected(pod, node.name());
    }
  }

  private void preBind(List<PreBindPlugin> plugins) {
    long begin = all.world.nanoTime();
    for (PreBindPlugin plugin : plugins) {
      try {
        @Nullable Rejection rejection =
            state.<@Nullable Rejection, InterruptedException>timed(
                Point.PRE_BIND, plugin, () -> plugin.preBind(state, pod, node));
        if (rejection != null) {
          all.inbox.post(() -> refuse(rejection));
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        all.inbox.post(() -> fail(preBindFailed(plugin) + "context canceled"));
        return;
      } catch (RuntimeException e) {
        all.inbox.post(() -> fail(preBindFailed(plugin) + message(e)));
        return;
      }
    }
    work.asked(Point.PRE_BIND, Result.SCHEDULED, all.world.nanoTime() - begin);
    all.inbox.post(this::bind);
  }

  private static String preBindFailed(PreBindPlugin plugin) {
    return "running PreBind plugin \"" + plugin.name() + "\": ";
  }

  private void bind() {
    if (step == Step.OVER) {
      return;
    }
    step = Step.BINDING;
    all.writers.write(
        pod,
        () -> {
          long begin = all.world.nanoTime();
          String failure = bindings();
          work.asked(
              Point.BIND,
              failure.isEmpty() ? Result.SCHEDULED : Result.ERROR,
              all.world.nanoTime() - begin);
          if (failure.isEmpty()) {
            work.reports().placed(pod, node.name());
            all.inbox.post(this::bound);
          } else {
            all.inbox.post(() -> fail("binding rejected: " + failure));
          }
        });
  }

  /// Has the first plugin bind the Pod that does so. Returns why that failed; empty if it did not.
  private String bindings() {
    for (BindPlugin plugin : profile.bind()) {
      try {
        if (state.<Boolean, RuntimeException>timed(
            Point.BIND, plugin, () -> plugin.bind(state, pod, node))) {
          return "";
        }
      } catch (RuntimeException e) {
        return "running Bind plugin \"" + plugin.name() + "\": " + message(e);
      }
    }
    return "no plugin binds the pod";
  }

  private void bound() {
    step = Step.OVER;
    all.ended(this);
    all.queue.remove(pod);
    count(Result.SCHEDULED);
    work.metrics()
        .bound(queued.attempts(), Duration.ofNanos(all.world.nanoTime() - queued.entered()));
    if (queued.wasFlushed()) {
      work.metrics().queue().boundAfterFlush();
    }
    for (PostBindPlugin plugin : profile.postBind()) {
      try {
        state.<@Nullable Void, RuntimeException>timed(
            Point.POST_BIND,
            plugin,
            () -> {
              plugin.postBind(state, pod, node);
              return null;
            });
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "post-bind failed: plugin=" + plugin.name(), e);
      }
    }
  }

  private void note(Outcome outcome, List<Refusal> refusals) {
    int nodes = all.cluster.nodes().size();
    work.decisions()
        .amend(pod, new Attempt(all.world.now(), queued.attempts(), outcome, nodes, refusals));
  }

  private void count(Result result) {
    work.attempted(result, all.world.nanoTime() - queued.taken());
  }

  /// What is said of a failure.
  static String message(RuntimeException failure) {
    return switch (failure) {
      case ApiException e -> e.message();
      case PluginException e -> String.valueOf(e.getMessage());
      case ExtenderException e -> String.valueOf(e.getMessage());
      default -> failure.toString();
    };
  }

  /// A plugin says that the Pod can't run here after all.
  private void refuse(Rejection rejection) {
    boolean permitted = step == Step.PRE_BINDING;
    if (undo()) {
      Diagnosis diagnosis = new Diagnosis(all.cluster);
      diagnosis.add(node, rejection);
      String message = diagnosis.message(1);
      work.reports().failed(pod, "Unschedulable", message, "");
      note(new Outcome.Unschedulable(message, "", List.of()), diagnosis.refusals());
      count(Result.UNSCHEDULABLE);
      if (permitted) {
        all.queue.waitForBackoff(queued);
      } else {
        all.queue.waitForChange(queued, Set.of(rejection.plugin()));
      }
    }
  }

  /// Something went wrong.
  void fail(String error) {
    if (undo()) {
      work.reports().failed(pod, "SchedulerError", error, "");
      note(new Outcome.Failed(error), List.of());
      count(Result.ERROR);
      all.queue.waitForBackoff(queued);
    }
  }

  /// Gives back what the Pod has been given. Returns whether it still waits for a node: false if it
  /// is gone, or was bound by others.
  private boolean undo() {
    if (step == Step.OVER) {
      return false;
    }
    boolean waits = giveBack();
    if (waits && expected) {
      work.reports().expected(pod, "");
    }
    if (!all.holds() && (waits || !all.cluster.isPlaced(pod))) {
      // What was reserved is free only now, even if the Pod itself is long gone.
      all.queue.onEvent(ClusterEvent.left(pod, node));
    }
    return waits;
  }

  /// Ends it, with what the Pod has been given free again. Returns whether it still waits for a
  /// node.
  private boolean giveBack() {
    step = Step.OVER;
    all.ended(this);
    all.waitsNoMore(this);
    permits.cancel();
    for (ReservePlugin plugin : profile.reserve().reversed()) {
      try {
        state.<@Nullable Void, RuntimeException>timed(
            Point.UNRESERVE,
            plugin,
            () -> {
              plugin.unreserve(state, pod, node);
              return null;
            });
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "unreserve failed: plugin=" + plugin.name(), e);
      }
    }
    return all.cluster.forget(pod) != null;
  }

  /// Ends it, as the Pod needs no node any more. A binding that is on its way is not called back.
  void cancel(String reason) {
    switch (step) {
      case WAITING -> refuse(Rejection.curable("", reason));
      case PRE_BINDING -> interrupt();
      case RESERVING, BINDING, OVER -> {}
    }
  }

  void interrupt() {
    if (preBinding != null) {
      preBinding.interrupt();
    }
  }

  void awaitEnd() {
    try {
      if (preBinding != null && !preBinding.join(CLOSING)) {
        LOG.log(Level.WARNING, "a pre-bind does not end: pod=" + pod);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
