package dev.tiphys.scheduler.plugins.volumes;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodClaim;
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
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.VolumeStage;
import dev.tiphys.scheduler.plugins.volumes.Plan.Open;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps Pods to nodes that reach their volumes, or where their claims can get some; and sees to it
/// that they get them before the Pod is bound.
public final class VolumeBinding
    implements PodPreFilterPlugin, FilterPlugin, ReservePlugin, PreBindPlugin, EnqueueExtensions {

  static final String NAME = "VolumeBinding";

  private static final String OUT_OF_REACH =
      "node(s) didn't match PersistentVolume's node affinity";
  private static final String MISSING =
      "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
  private static final String NONE_TO_BIND =
      "node(s) didn't find available persistent volumes to bind";
  private static final String NO_STORAGE = "node(s) did not have enough free storage";

  /// What the Pod's claims are to be given on its node.
  private static final CycleState.Key<Plan> PLAN = new CycleState.Key<>(Plan.class);

  private final SchedulerMetrics metrics;
  private final Volumes volumes;
  private final ClaimBinder binder;

  /// @param arguments a VolumeBindingArgs
  public VolumeBinding(Handle handle, Struct arguments, Volumes volumes) {
    this.metrics = handle.metrics();
    this.volumes = volumes;
    this.binder =
        new ClaimBinder(
            handle, volumes, Duration.ofSeconds(arguments.integer("bindTimeoutSeconds")));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    if (pod.claims().isEmpty()) {
      return PreFilterResult.SKIP;
    }
    String reason = refusal(pod);
    if (!reason.isEmpty()) {
      return PreFilterResult.refuse(Rejection.lasting(NAME, reason));
    }
    List<String> bound =
        volumes.claims(pod).stream()
            .filter(Volumes::isBound)
            .map(claim -> claim.string("spec", "volumeName"))
            .toList();
    List<Open> open = open(pod);
    return PreFilterResult.of(node -> rejection(bound, open, node));
  }

  /// Why the Pod can't run anywhere; empty if it may.
  private String refusal(PodInfo pod) {
    for (PodClaim each : pod.claims()) {
      Struct claim = volumes.claim(new ObjectKey(pod.key().namespace(), each.name()));
      String reason = claim == null ? missing(each) : unusable(claim);
      if (!reason.isEmpty()) {
        return reason;
      }
    }
    boolean immediate =
        volumes.claims(pod).stream()
            .anyMatch(claim -> !Volumes.isBound(claim) && !volumes.waitsForPod(claim));
    return immediate ? "pod has unbound immediate PersistentVolumeClaims" : "";
  }

  private static String missing(PodClaim claim) {
    return claim.ephemeral()
        ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
            + claim.name()
            + "\""
        : "persistentvolumeclaim \"" + claim.name() + "\" not found";
  }

  private static String unusable(Struct claim) {
    String quoted = "persistentvolumeclaim \"" + Meta.of(claim).name() + "\"";
    if (claim.string("status", "phase").equals("Lost")) {
      return quoted
          + " bound to non-existent persistentvolume \""
          + claim.string("spec", "volumeName")
          + "\"";
    }
    return Meta.of(claim).isBeingDeleted() ? quoted + " is being deleted" : "";
  }

  /// What is to be asked depends on the Pod's claims: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  /// The claims of a Pod that wait for it, the smallest first.
  private List<Open> open(PodInfo pod) {
    List<Open> open = new ArrayList<>();
    for (Struct claim : volumes.claims(pod)) {
      if (!Volumes.isBound(claim)) {
        open.add(new Open(claim, volumes.candidates(claim)));
      }
    }
    open.sort(
        Comparator.comparing(
            (Open each) ->
                VolumeMatching.quantity(
                    each.claim().get("spec", "resources", "requests", "storage"))));
    return open;
  }

  private @Nullable Rejection rejection(List<String> bound, List<Open> open, NodeInfo node) {
    List<String> reasons = new ArrayList<>();
    Plan.Lack lack = Plan.of(open, node, volumes).lack();
    if (lack == Plan.Lack.VOLUME) {
      reasons.add(NONE_TO_BIND);
    }
    String unreachable = unreachable(bound, node);
    if (unreachable.equals(OUT_OF_REACH)) {
      reasons.add(unreachable);
    }
    if (lack == Plan.Lack.STORAGE) {
      reasons.add(NO_STORAGE);
    }
    if (unreachable.equals(MISSING)) {
      reasons.add(unreachable);
    }
    return reasons.isEmpty() ? null : new Rejection(NAME, reasons, false);
  }

  private String unreachable(List<String> bound, NodeInfo node) {
    for (String name : bound) {
      Struct volume = volumes.volume(name);
      if (volume == null) {
        return MISSING;
      }
      if (!Matching.reaches(volume, node.facts())) {
        return OUT_OF_REACH;
      }
    }
    return "";
  }

  @Override
  public @Nullable Rejection reserve(CycleState state, PodInfo pod, NodeInfo node) {
    if (pod.claims().isEmpty()) {
      return null;
    }
    Plan plan = Plan.of(open(pod), node, volumes);
    if (plan.lack() != Plan.Lack.NOTHING) {
      metrics.volumesFailed(VolumeStage.ASSUME);
      return Rejection.lasting(NAME, NONE_TO_BIND);
    }
    for (Plan.Match match : plan.bind()) {
      volumes.promise(Meta.of(match.volume()).name(), ObjectKey.of(match.claim()));
    }
    state.write(PLAN, plan);
    return null;
  }

  @Override
  public void unreserve(CycleState state, PodInfo pod, NodeInfo node) {
    Plan plan = state.read(PLAN);
    if (plan != null) {
      plan.bind().forEach(match -> volumes.takeBack(Meta.of(match.volume()).name()));
      state.delete(PLAN);
    }
  }

  @Override
  public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
    Plan plan = state.read(PLAN);
    return plan != null && !plan.isEmpty();
  }

  @Override
  public @Nullable Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
      throws InterruptedException {
    Plan plan = state.read(PLAN);
    if (plan != null) {
      try {
        binder.bind(plan, node);
      } catch (PluginException e) {
        metrics.volumesFailed(VolumeStage.BIND);
        throw e;
      }
    }
    return null;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.PERSISTENT_VOLUME_CLAIM, Action.ADD, Action.UPDATE)
            .when(VolumeBinding::ofClaim),
        Interest.in(Resource.PERSISTENT_VOLUME, Action.ADD, Action.UPDATE),
        Interest.in(Resource.STORAGE_CLASS, Action.ADD, Action.UPDATE).when(this::ofClass),
        Interest.in(Resource.CSI_NODE, Action.ADD, Action.UPDATE),
        Interest.in(Resource.CSI_DRIVER, Action.ADD, Action.UPDATE),
        Interest.in(Resource.CSI_STORAGE_CAPACITY, Action.ADD, Action.UPDATE),
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_LABEL),
        // Volumes that were promised to it are free again.
        Interest.in(Resource.POD, Action.DELETE).when(VolumeBinding::ofPod));
  }

  private static QueueingHint ofClaim(PodInfo pod, ClusterEvent event) {
    return queueIf(event instanceof ClusterEvent.OfObject object && isUsed(pod, object.object()));
  }

  private static QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfPod(var _, var other, var _, var _)
            && !other.claims().isEmpty());
  }

  static boolean isUsed(PodInfo pod, Struct claim) {
    Meta meta = Meta.of(claim);
    return meta.namespace().equals(pod.key().namespace())
        && pod.claims().stream().anyMatch(each -> each.name().equals(meta.name()));
  }

  private QueueingHint ofClass(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfObject object
            && volumes.claims(pod).stream()
                .anyMatch(
                    claim ->
                        VolumeMatching.storageClass(claim)
                            .equals(Meta.of(object.object()).name())));
  }
}
