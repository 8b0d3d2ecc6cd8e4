package dev.tiphys.scheduler.plugins.devices;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.Api;
import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps Pods that use claims to devices to where these are, and reserves the claims for them.
///
/// Devices are not allocated: a claim that has none yet keeps its Pods waiting until another
/// program has allocated some.
public final class DynamicResources
    implements PreEnqueuePlugin,
        PodPreFilterPlugin,
        FilterPlugin,
        PostFilterPlugin,
        PreBindPlugin,
        EnqueueExtensions {

  private static final String NAME = "DynamicResources";

  /// How many Pods a claim can be reserved for.
  private static final int MOST_USERS = 256;

  private static final Rejection ELSEWHERE =
      Rejection.lasting(NAME, "resourceclaim not available on the node");
  private static final Rejection IN_USE = Rejection.lasting(NAME, "resourceclaim in use");
  private static final Rejection UNALLOCATED =
      Rejection.curable(NAME, "cannot allocate all claims");

  private final Api api;
  private final DeviceClaims claims;

  public DynamicResources(Handle handle) {
    this.api = handle.api();
    this.claims = new DeviceClaims(handle.informer(Resource.RESOURCE_CLAIM));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection preEnqueue(PodInfo pod) {
    return DeviceClaims.areUsedBy(pod) ? problem(pod) : null;
  }

  private @Nullable Rejection problem(PodInfo pod) {
    String problem = claims.of(pod).problem();
    return problem.isEmpty() ? null : Rejection.lasting(NAME, problem);
  }

  /// What is to be asked depends on the Pod's claims: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    if (!DeviceClaims.areUsedBy(pod)) {
      return PreFilterResult.SKIP;
    }
    Rejection problem = problem(pod);
    if (problem != null) {
      return PreFilterResult.refuse(problem);
    }
    List<Struct> used = claims.of(pod).claims();
    for (Struct claim : used) {
      if (!isReservedFor(claim, pod) && claim.list("status", "reservedFor").size() >= MOST_USERS) {
        return PreFilterResult.refuse(IN_USE);
      }
    }
    return used.isEmpty()
        ? PreFilterResult.SKIP
        : PreFilterResult.of(node -> rejection(used, node));
  }

  private static @Nullable Rejection rejection(List<Struct> used, NodeInfo node) {
    for (Struct claim : used) {
      if (!claim.has("status", "allocation")) {
        return UNALLOCATED;
      }
      List<Struct> terms =
          claim.structs("status", "allocation", "nodeSelector", "nodeSelectorTerms");
      boolean reached =
          terms.isEmpty()
              || terms.stream()
                  .anyMatch(term -> NodeTerm.of(term).matches(node.name(), node.facts().labels()));
      if (!reached) {
        return ELSEWHERE;
      }
    }
    return null;
  }

  private static boolean isReservedFor(Struct claim, PodInfo pod) {
    return claim.structs("status", "reservedFor").stream()
        .anyMatch(user -> user.string("uid").equals(pod.uid()));
  }

  @Override
  public PostFilterResult postFilter(
      CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf) {
    return PostFilterResult.untried("no new claims to deallocate");
  }

  @Override
  public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
    return DeviceClaims.areUsedBy(pod)
        && claims.of(pod).claims().stream().anyMatch(claim -> !isReservedFor(claim, pod));
  }

  @Override
  public @Nullable Rejection preBind(CycleState state, PodInfo pod, NodeInfo node) {
    for (Struct claim : claims.of(pod).claims()) {
      if (!isReservedFor(claim, pod)) {
        List<Object> users = new ArrayList<>(claim.list("status", "reservedFor"));
        users.add(Struct.of("resource", "pods", "name", pod.key().name(), "uid", pod.uid()));
        api.update(
            Resource.RESOURCE_CLAIM.kind(), claim.withAt(users, "status", "reservedFor"), "status");
      }
    }
    return null;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.RESOURCE_CLAIM, Action.ADD, Action.UPDATE).when(this::ofClaim),
        Interest.in(Resource.POD, Action.UPDATE_POD_GENERATED_CLAIM)
            .when(
                (pod, event) ->
                    queueIf(
                        event instanceof ClusterEvent.OfPod(var _, var changed, var _, var _)
                            && changed.uid().equals(pod.uid()))),
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_LABEL));
  }

  private QueueingHint ofClaim(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfObject object)) {
      return QueueingHint.QUEUE;
    }
    Struct before = object.before();
    boolean sameStatus =
        before != null && before.struct("status").equals(object.object().struct("status"));
    DeviceClaims.Found found = claims.of(pod);
    ObjectKey key = ObjectKey.of(object.object());
    boolean isUsed = found.claims().stream().anyMatch(claim -> ObjectKey.of(claim).equals(key));
    return queueIf(!sameStatus && found.problem().isEmpty() && isUsed);
  }
}
