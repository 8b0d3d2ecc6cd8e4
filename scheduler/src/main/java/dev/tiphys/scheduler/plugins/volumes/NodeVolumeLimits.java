package dev.tiphys.scheduler.plugins.volumes;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
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
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the number of volumes of each CSI driver on a node within what the driver says that it can
/// attach there.
public final class NodeVolumeLimits implements PodPreFilterPlugin, FilterPlugin, EnqueueExtensions {

  private static final String NAME = "NodeVolumeLimits";
  private static final Rejection REJECTION =
      Rejection.curable(NAME, "node(s) exceed max volume count");

  private final Volumes volumes;
  private final Informer nodes;
  private final ObjectIndex attachments;

  /// A volume, by what its driver calls it; one that is not made yet by its claim.
  private record VolumeHandle(String driver, String volume) {}

  public NodeVolumeLimits(Handle handle, Volumes volumes) {
    this.volumes = volumes;
    this.nodes = handle.informer(Resource.CSI_NODE);
    this.attachments =
        handle
            .informer(Resource.VOLUME_ATTACHMENT)
            .index(attachment -> List.of(attachment.string("spec", "nodeName")));
  }

  @Override
  public String name() {
    return NAME;
  }

  /// What is to be asked depends on the Pod's volumes: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    if (pod.claims().isEmpty()) {
      return PreFilterResult.SKIP;
    }
    Set<VolumeHandle> wanted = handles(pod);
    return wanted.isEmpty()
        ? PreFilterResult.SKIP
        : PreFilterResult.of(node -> exceeds(wanted, node) ? REJECTION : null);
  }

  private boolean exceeds(Set<VolumeHandle> wanted, NodeInfo node) {
    Map<String, Long> limits = limits(node.name());
    if (wanted.stream().noneMatch(handle -> limits.containsKey(handle.driver))) {
      return false;
    }
    Set<VolumeHandle> all = attached(node);
    Set<String> growing = new HashSet<>();
    for (VolumeHandle handle : wanted) {
      if (all.add(handle)) {
        growing.add(handle.driver);
      }
    }
    return growing.stream()
        .anyMatch(
            driver ->
                limits.containsKey(driver)
                    && all.stream().filter(each -> each.driver.equals(driver)).count()
                        > limits.get(driver));
  }

  /// How many volumes of each driver a node takes; none for a driver that does not say.
  private Map<String, Long> limits(String node) {
    Struct known = nodes.find("", node);
    Map<String, Long> limits = new HashMap<>();
    for (Struct driver : known == null ? List.<Struct>of() : known.structs("spec", "drivers")) {
      if (driver.has("allocatable", "count")) {
        limits.put(driver.string("name"), driver.integer("allocatable", "count"));
      }
    }
    return limits;
  }

  /// The volumes of a node's Pods, and those that are still attached though no Pod uses them.
  private Set<VolumeHandle> attached(NodeInfo node) {
    Set<VolumeHandle> all = new HashSet<>();
    for (PodInfo pod : node.pods()) {
      if (!pod.claims().isEmpty()) {
        all.addAll(handles(pod));
      }
    }
    for (Struct attachment : attachments.with(node.name())) {
      Struct volume = volumes.volume(attachment.string("spec", "source", "persistentVolumeName"));
      if (volume != null && volume.has("spec", "csi")) {
        all.add(handle(volume));
      }
    }
    return all;
  }

  private Set<VolumeHandle> handles(PodInfo pod) {
    Set<VolumeHandle> handles = new HashSet<>();
    for (PodClaim each : pod.claims()) {
      Struct claim = volumes.claim(new ObjectKey(pod.key().namespace(), each.name()));
      if (claim == null) {
        continue;
      }
      Struct volume = volumes.volume(claim.string("spec", "volumeName"));
      if (volume == null) {
        String driver = volumes.storageClass(claim).string("provisioner");
        handles.add(
            new VolumeHandle(driver, Meta.of(claim).namespace() + "/" + Meta.of(claim).name()));
      } else if (volume.has("spec", "csi")) {
        handles.add(handle(volume));
      }
    }
    handles.removeIf(handle -> handle.driver.isEmpty());
    return handles;
  }

  private static VolumeHandle handle(Struct volume) {
    Struct csi = volume.struct("spec", "csi");
    return new VolumeHandle(csi.string("driver"), csi.string("volumeHandle"));
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.CSI_NODE, Action.ADD, Action.UPDATE),
        Interest.in(Resource.POD, Action.DELETE).when(NodeVolumeLimits::ofPod),
        Interest.in(Resource.PERSISTENT_VOLUME_CLAIM, Action.ADD, Action.UPDATE)
            .when(
                (pod, event) ->
                    queueIf(
                        event instanceof ClusterEvent.OfObject object
                            && VolumeBinding.isUsed(pod, object.object()))),
        Interest.in(Resource.VOLUME_ATTACHMENT, Action.DELETE));
  }

  private static QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfPod(var _, var other, var _, var _)
            && !other.claims().isEmpty());
  }
}
