package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PostBindPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A plugin that takes part everywhere, writes down when it was asked, and says what a test wants.
class RecordingPlugin
    implements PreEnqueuePlugin,
        PodPreFilterPlugin,
        PostFilterPlugin,
        PreScorePlugin,
        ReservePlugin,
        PermitPlugin,
        PreBindPlugin,
        BindPlugin,
        PostBindPlugin {

  private static final CycleState.Key<String> MEMORY = new CycleState.Key<>(String.class);

  final String name;
  final List<String> calls;
  Handle handle;
  Rejection gate;
  RuntimeException gateFailure;
  RuntimeException preFilterFailure;
  PreFilterResult preFilter = PreFilterResult.SKIP;
  PostFilterResult postFilter = PostFilterResult.untried("nothing to do");
  Rejection reserve;
  RuntimeException reserveFailure;
  Permission permission = Permission.ALLOWED;
  Rejection preBind;
  RuntimeException preBindFailure;
  boolean binds;
  RuntimeException bindFailure;

  RecordingPlugin(String name) {
    this(name, new CopyOnWriteArrayList<>());
  }

  RecordingPlugin(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  RecordingPlugin with(Handle given) {
    handle = given;
    return this;
  }

  private void called(String point) {
    calls.add(name + " " + point);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Rejection preEnqueue(PodInfo pod) {
    called("PreEnqueue");
    if (gateFailure != null) {
      throw gateFailure;
    }
    return gate;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    called("PreFilter");
    state.write(MEMORY, pod.key().name());
    if (preFilterFailure != null) {
      throw preFilterFailure;
    }
    return preFilter;
  }

  @Override
  public PostFilterResult postFilter(
      CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf) {
    called("PostFilter");
    return postFilter;
  }

  @Override
  public Score.OfNode preScore(CycleState state, PodInfo pod, List<NodeInfo> feasible) {
    called("PreScore");
    return (Score.Absolute) node -> node.name().equals("node-1") ? Score.MAX : 0;
  }

  @Override
  public Rejection reserve(CycleState state, PodInfo pod, NodeInfo node) {
    called("Reserve " + state.read(MEMORY));
    if (reserveFailure != null) {
      throw reserveFailure;
    }
    return reserve;
  }

  @Override
  public void unreserve(CycleState state, PodInfo pod, NodeInfo node) {
    called("Unreserve");
  }

  @Override
  public Permission permit(CycleState state, PodInfo pod, NodeInfo node) {
    called("Permit");
    return permission;
  }

  @Override
  public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
    called("PreBindPreFlight");
    return true;
  }

  @Override
  public Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
      throws InterruptedException {
    called("PreBind");
    if (preBindFailure != null) {
      throw preBindFailure;
    }
    return preBind;
  }

  @Override
  public boolean bind(CycleState state, PodInfo pod, NodeInfo node) {
    called("Bind");
    if (bindFailure != null) {
      throw bindFailure;
    }
    return binds;
  }

  @Override
  public void postBind(CycleState state, PodInfo pod, NodeInfo node) {
    called("PostBind " + node.name());
  }
}
