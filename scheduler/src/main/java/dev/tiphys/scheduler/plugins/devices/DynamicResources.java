package dev.tiphys.scheduler.plugins.devices;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
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
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.plugins.devices.ClaimPlan.NodePlan;
import dev.tiphys.scheduler.plugins.devices.allocation.AllocationException;
import dev.tiphys.scheduler.plugins.devices.allocation.Allocator;
import dev.tiphys.scheduler.plugins.devices.allocation.DeviceClaim;
import dev.tiphys.scheduler.plugins.devices.allocation.Selectors;
import dev.tiphys.scheduler.plugins.devices.allocation.Site;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps Pods to nodes where their claims have devices, or can be given some; and sees to it that
/// they get them before the Pod is bound.
public final class DynamicResources
    implements PreEnqueuePlugin,
        PodPreFilterPlugin,
        FilterPlugin,
        PostFilterPlugin,
        PreScorePlugin,
        ReservePlugin,
        PreBindPlugin,
        EnqueueExtensions {

  private static final String NAME = "DynamicResources";

  /// How many Pods a claim can be reserved for.
  private static final int MOST_USERS = 256;

  /// How many ways to satisfy a request there can be.
  private static final int MOST_ALTERNATIVES = 8;

  private static final Rejection ELSEWHERE =
      Rejection.lasting(NAME, "resourceclaim not available on the node");
  private static final Rejection IN_USE = Rejection.lasting(NAME, "resourceclaim in use");
  private static final Rejection UNKNOWN = Rejection.lasting(NAME, "the devices are not known yet");

  private static final CycleState.Key<ClaimPlan> PLAN = new CycleState.Key<>(ClaimPlan.class);

  private final Handle handle;
  private final Devices devices;
  private final DeviceClaims claims;
  private final Selectors selectors = new Selectors();
  private final Allocator allocator;
  private final ClaimWriter writer;
  private final ClaimBinder binder;
  private final Duration filterTimeout;
  private final Duration bindingTimeout;

  /// @param arguments a DynamicResourcesArgs
  public DynamicResources(Handle handle, Struct arguments, Devices devices) {
    this.handle = handle;
    this.devices = devices;
    this.claims = new DeviceClaims(devices);
    this.allocator = new Allocator(devices.inventory(), devices.usage(), this::uid);
    this.writer = new ClaimWriter(handle.world(), handle.api());
    this.filterTimeout = GoDuration.parse(arguments.string("filterTimeout"));
    this.bindingTimeout = GoDuration.parse(arguments.string("bindingTimeout"));
    this.binder = new ClaimBinder(handle, devices, writer, bindingTimeout);
  }

  /// A version 4 UUID.
  private String uid() {
    long high = handle.random().nextLong() & ~0xF000L | 0x4000L;
    long low = handle.random().nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection preEnqueue(PodInfo pod) {
    return DeviceClaims.areUsedBy(pod) ? problem(claims.of(pod)) : null;
  }

  private static @Nullable Rejection problem(DeviceClaims.Found found) {
    return found.problem().isEmpty() ? null : Rejection.lasting(NAME, found.problem());
  }

  /// What is to be asked depends on the Pod's claims: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    if (!DeviceClaims.areUsedBy(pod) && pod.template().requests().others().isEmpty()) {
      return PreFilterResult.SKIP;
    }
    ExtendedClaim extended = ExtendedClaim.of(pod, devices, selectors);
    DeviceClaims.Found found = claims.of(pod);
    Rejection problem = problem(found);
    if (problem != null) {
      return PreFilterResult.refuse(problem);
    }
    if (found.claims().isEmpty() && extended == null) {
      return PreFilterResult.SKIP;
    }
    if (!devices.areKnownTo(pod)) {
      return PreFilterResult.refuse(UNKNOWN);
    }
    List<DeviceClaim> unallocated = new ArrayList<>();
    for (Struct claim : found.claims()) {
      Rejection refusal =
          claim.has("status", "allocation") ? reservable(claim, pod) : allocatable(claim);
      if (refusal != null) {
        return PreFilterResult.refuse(refusal);
      }
      if (!claim.has("status", "allocation")) {
        unallocated.add(demand(claim));
      }
    }
    ClaimPlan plan = new ClaimPlan(found.claims(), unallocated, extended);
    state.write(PLAN, plan);
    return PreFilterResult.of(node -> planned(plan, node).rejection());
  }

  private static @Nullable Rejection reservable(Struct claim, PodInfo pod) {
    boolean full = claim.list("status", "reservedFor").size() >= MOST_USERS;
    return full && !DeviceClaims.isReservedFor(claim, pod) ? IN_USE : null;
  }

  private @Nullable Rejection allocatable(Struct claim) {
    if (devices.isPromised(Meta.of(claim).uid())) {
      return Rejection.lasting(
          NAME, "resource claim " + ObjectKey.of(claim) + " is in the process of being allocated");
    }
    for (Struct request : claim.structs("spec", "devices", "requests")) {
      Map<String, String> classes = new HashMap<>();
      if (request.has("exactly")) {
        classes.put(request.string("name"), request.string("exactly", "deviceClassName"));
      }
      for (Struct alternative : request.structs("firstAvailable")) {
        classes.put(
            request.string("name") + "/" + alternative.string("name"),
            alternative.string("deviceClassName"));
      }
      for (var each : classes.entrySet()) {
        if (devices.classes().find(each.getValue()) == null) {
          return Rejection.lasting(
              NAME,
              "request %s: device class %s does not exist"
                  .formatted(each.getKey(), each.getValue()));
        }
      }
    }
    return null;
  }

  private DeviceClaim demand(Struct claim) {
    try {
      return DeviceClaim.of(claim, devices.classes()::find, selectors);
    } catch (AllocationException e) {
      throw failed(e);
    }
  }

  private static PluginException failed(AllocationException e) {
    return new PluginException("running \"" + NAME + "\" filter plugin: " + e.getMessage());
  }

  /// What is planned for a node, in this cycle.
  private NodePlan planned(ClaimPlan plan, NodeInfo node) {
    NodePlan known = plan.nodes().get(node.name());
    if (known == null) {
      known = plan(plan, node);
      plan.nodes().put(node.name(), known);
    }
    return known;
  }

  private NodePlan plan(ClaimPlan plan, NodeInfo node) {
    ExtendedClaim extended = plan.extended();
    ExtendedClaim.OfNode ofNode = null;
    if (extended != null) {
      if (extended.stale() != null) {
        return refused("cannot schedule extended resource claim");
      }
      if (extended.missingOn(node) != null) {
        return refused("cannot fit resource");
      }
      ofNode = extended.on(node);
    }
    List<DeviceClaim> wanted = new ArrayList<>(plan.unallocated());
    if (ofNode != null) {
      wanted.add(ofNode.claim());
    }
    boolean available = areAvailable(plan, node);
    Allocator.Outcome outcome =
        wanted.isEmpty() ? new Allocator.Outcome.Found(List.of()) : allocate(wanted, node);
    return switch (outcome) {
      case Allocator.Outcome.NotFound(String reason) -> refused(reason);
      case Allocator.Outcome.Found(var allocations) ->
          available ? new NodePlan(null, allocations, ofNode) : NodePlan.refused(ELSEWHERE);
    };
  }

  private static NodePlan refused(String reason) {
    return NodePlan.refused(Rejection.lasting(NAME, reason));
  }

  /// Whether the claims that have devices can be used on a node; notes those that can't.
  private boolean areAvailable(ClaimPlan plan, NodeInfo node) {
    boolean available = true;
    for (Struct claim : plan.claims()) {
      boolean usable =
          !claim.has("status", "allocation") || (reaches(claim, node) && isUsable(claim));
      if (!usable) {
        plan.unavailable().add(claim);
        available = false;
      }
    }
    return available;
  }

  private static boolean reaches(Struct claim, NodeInfo node) {
    List<Struct> terms = claim.structs("status", "allocation", "nodeSelector", "nodeSelectorTerms");
    return terms.isEmpty()
        || terms.stream()
            .anyMatch(term -> NodeTerm.of(term).matches(node.name(), node.facts().labels()));
  }

  private boolean isUsable(Struct claim) {
    return !(Readiness.of(claim) instanceof Readiness.Failed)
        && !Readiness.isLate(claim, bindingTimeout, handle.world().now());
  }

  private Allocator.Outcome allocate(List<DeviceClaim> wanted, NodeInfo node) {
    long end = handle.world().nanoTime() + filterTimeout.toNanos();
    BooleanSupplier expired = () -> !filterTimeout.isZero() && handle.world().nanoTime() - end > 0;
    try {
      return allocator.allocate(wanted, new Site(node.name(), node.facts().labels()), expired);
    } catch (AllocationException e) {
      throw failed(e);
    }
  }

  @Override
  public PostFilterResult postFilter(
      CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf) {
    ClaimPlan plan = state.read(PLAN);
    if (plan == null) {
      return PostFilterResult.untried("no new claims to deallocate");
    }
    for (Struct claim : plan.unavailable()) {
      List<Struct> users = claim.structs("status", "reservedFor");
      if (users.isEmpty() || (users.size() == 1 && DeviceClaims.isReservedFor(claim, pod))) {
        handle.write(pod, () -> writer.deallocate(claim));
        return PostFilterResult.untried("deallocation of ResourceClaim completed");
      }
    }
    Struct stale = plan.extended() == null ? null : plan.extended().stale();
    if (stale != null) {
      handle.write(pod, () -> writer.delete(stale));
      return PostFilterResult.untried("deletion of ResourceClaim completed");
    }
    return PostFilterResult.untried("still not schedulable");
  }

  /// Of the ways to satisfy a request those count more that come first.
  @Override
  public Score.@Nullable OfNode preScore(CycleState state, PodInfo pod, List<NodeInfo> feasible) {
    ClaimPlan plan = state.read(PLAN);
    if (plan == null || !offersChoice(plan)) {
      return null;
    }
    return (Score.Relative) node -> score(plan, node);
  }

  private static boolean offersChoice(ClaimPlan plan) {
    return plan.unallocated().stream()
        .flatMap(claim -> claim.object().structs("spec", "devices", "requests").stream())
        .anyMatch(request -> request.has("firstAvailable"));
  }

  private static long score(ClaimPlan plan, NodeInfo node) {
    NodePlan planned = plan.nodes().get(node.name());
    long score = 0;
    for (int i = 0; planned != null && i < plan.unallocated().size(); i++) {
      Struct claim = plan.unallocated().get(i).object();
      List<String> results =
          planned.allocations().get(i).structs("devices", "results").stream()
              .map(result -> result.string("request"))
              .toList();
      for (Struct request : claim.structs("spec", "devices", "requests")) {
        List<Struct> ways = request.structs("firstAvailable");
        for (int way = 0; way < ways.size(); way++) {
          String name = request.string("name") + "/" + ways.get(way).string("name");
          score += results.contains(name) ? MOST_ALTERNATIVES - way : 0;
        }
      }
    }
    return score;
  }

  @Override
  public @Nullable Rejection reserve(CycleState state, PodInfo pod, NodeInfo node) {
    ClaimPlan plan = state.read(PLAN);
    if (plan == null) {
      return null;
    }
    NodePlan planned = planned(plan, node);
    if (planned.rejection() != null) {
      return planned.rejection();
    }
    plan.reserve(planned);
    for (int i = 0; i < plan.unallocated().size(); i++) {
      String uid = Meta.of(plan.unallocated().get(i).object()).uid();
      devices.promise(uid, planned.allocations().get(i));
    }
    if (planned.extended() != null && plan.extended() != null) {
      devices.promise(plan.extended().promise(), planned.allocations().getLast());
    }
    return null;
  }

  @Override
  public void unreserve(CycleState state, PodInfo pod, NodeInfo node) {
    ClaimPlan plan = state.read(PLAN);
    if (plan == null || plan.reserved() == null) {
      return;
    }
    plan.reserve(null);
    for (DeviceClaim claim : plan.unallocated()) {
      Meta meta = Meta.of(claim.object());
      devices.takeBack(meta.uid(), meta.key());
    }
    if (plan.extended() != null) {
      devices.takeBack(plan.extended().promise(), new ObjectKey("", ""));
    }
    List<Struct> given = new ArrayList<>(plan.written());
    plan.claims().stream()
        .filter(claim -> DeviceClaims.isReservedFor(claim, pod))
        .forEach(given::add);
    for (Struct claim : given) {
      boolean own = ExtendedClaim.isOne(claim);
      handle.write(
          pod,
          () -> {
            if (own) {
              writer.delete(claim);
            } else {
              writer.unreserve(claim, pod);
            }
          });
    }
  }

  @Override
  public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
    ClaimPlan plan = state.read(PLAN);
    NodePlan reserved = plan == null ? null : plan.reserved();
    return plan != null
        && reserved != null
        && (!plan.claims().isEmpty() || reserved.extended() != null);
  }

  @Override
  public @Nullable Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
      throws InterruptedException {
    ClaimPlan plan = state.read(PLAN);
    if (plan != null) {
      binder.bind(plan, pod, node);
    }
    return null;
  }

  @Override
  public List<Interest> events() {
    List<Interest> interests =
        new ArrayList<>(
            List.of(
                Interest.in(
                    Resource.NODE,
                    Action.ADD,
                    Action.UPDATE_NODE_LABEL,
                    Action.UPDATE_NODE_ALLOCATABLE),
                Interest.in(Resource.RESOURCE_CLAIM, Action.ADD, Action.UPDATE, Action.DELETE)
                    .when(this::ofClaim),
                Interest.in(Resource.POD, Action.UPDATE_POD_GENERATED_CLAIM)
                    .when(
                        (pod, event) ->
                            queueIf(
                                event
                                        instanceof
                                        ClusterEvent.OfPod(var _, var changed, var _, var _)
                                    && changed.uid().equals(pod.uid())
                                    && claims.of(changed).problem().isEmpty())),
                Interest.in(Resource.DEVICE_CLASS, Action.ADD, Action.UPDATE),
                Interest.in(Resource.RESOURCE_SLICE, Action.ADD, Action.UPDATE)));
    if (handle.gates().isOn(FeatureGates.DEVICE_TAINT_RULES)) {
      interests.add(
          Interest.in(Resource.DEVICE_TAINT_RULE, Action.ADD, Action.UPDATE, Action.DELETE));
    }
    return interests;
  }

  private QueueingHint ofClaim(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfObject(var _, var _, var before, var now))) {
      return QueueingHint.QUEUE;
    }
    DeviceClaims.Found found = claims.of(pod);
    if (!found.problem().isEmpty()) {
      return QueueingHint.SKIP;
    }
    if (before != null && before.has("status", "allocation")) {
      if (now == null || !now.has("status", "allocation")) {
        return QueueingHint.QUEUE; // Its devices are free.
      }
    }
    if (now == null) {
      // One that was left of an earlier attempt keeps its Pod waiting until it is gone.
      return queueIf(before != null && ExtendedClaim.isOne(before));
    }
    String uid = Meta.of(now).uid();
    boolean used = found.claims().stream().anyMatch(claim -> Meta.of(claim).uid().equals(uid));
    return queueIf(
        used && (before == null || !before.struct("status").equals(now.struct("status"))));
  }
}
