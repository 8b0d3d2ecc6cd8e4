package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.plugins.devices.allocation.DeviceClaim;
import dev.tiphys.scheduler.plugins.devices.allocation.Selectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The claim for the extended resources of a Pod that stand for devices. It is made when the Pod
/// has a node, since what it asks for depends on that: a node may have such a resource of its own.
///
/// Threads: the scheduling task.
final class ExtendedClaim {

  /// Marks such claims.
  private static final String ANNOTATION = "resource.kubernetes.io/extended-resource-claim";

  /// Not a name that a claim can have.
  private static final String UNNAMED = "<extended-resources>";

  private final PodInfo pod;
  private final DeviceClasses classes;
  private final Selectors selectors;
  private final @Nullable Struct stale;

  /// By the resources that are needed as devices.
  private final Map<TreeSet<String>, OfNode> byNeed = new HashMap<>();

  /// The claim as it is needed on a node.
  ///
  /// @param mappings which container's resources are which requests
  record OfNode(DeviceClaim claim, List<Struct> mappings) {}

  /// @param stale one that is left of an earlier attempt; null if none is
  private ExtendedClaim(
      PodInfo pod, DeviceClasses classes, Selectors selectors, @Nullable Struct stale) {
    this.pod = pod;
    this.classes = classes;
    this.selectors = selectors;
    this.stale = stale;
  }

  /// Whether a claim is one for extended resources.
  static boolean isOne(Struct claim) {
    return Meta.of(claim).annotation(ANNOTATION).equals("true");
  }

  /// The claim for a Pod; null if it needs none on any node.
  static @Nullable ExtendedClaim of(PodInfo pod, Devices devices, Selectors selectors) {
    ResourceList requests = pod.template().requests();
    if (requests.others().keySet().stream().noneMatch(devices.classes()::have)) {
      return null;
    }
    Struct stale =
        devices.ownedBy(pod.uid()).stream().filter(ExtendedClaim::isOne).findFirst().orElse(null);
    return new ExtendedClaim(pod, devices.classes(), selectors, stale);
  }

  /// What is left of an earlier attempt; null if nothing is.
  @Nullable Struct stale() {
    return stale;
  }

  /// Under what the devices of the claim are promised, which has no uid yet.
  String promise() {
    return "extended resources of " + pod.uid();
  }

  /// A resource that a node has not, not even as devices; null if there is none.
  @Nullable String missingOn(NodeInfo node) {
    return pod.template().requests().others().keySet().stream()
        .filter(resource -> resource.indexOf('/') >= 0)
        .filter(resource -> node.facts().allocatable().other(resource) == 0)
        .filter(resource -> !classes.have(resource))
        .findFirst()
        .orElse(null);
  }

  /// The claim as it is needed on a node; null if the node has all that is asked for itself.
  @Nullable OfNode on(NodeInfo node) {
    TreeSet<String> needed = new TreeSet<>();
    pod.template()
        .requests()
        .others()
        .forEach(
            (resource, amount) -> {
              if (amount > 0
                  && node.facts().allocatable().other(resource) == 0
                  && classes.have(resource)) {
                needed.add(resource);
              }
            });
    return needed.isEmpty() ? null : byNeed.computeIfAbsent(needed, this::claim);
  }

  private OfNode claim(TreeSet<String> resources) {
    ExtendedRequests requests = new ExtendedRequests(pod.object().struct("spec"));
    for (String resource : resources) {
      Struct deviceClass = classes.ofResource(resource);
      if (deviceClass != null) {
        requests.add(resource, Meta.of(deviceClass).name());
      }
    }
    Struct claim =
        Struct.of(
            "metadata",
            metadata(),
            "spec",
            Struct.of("devices", Struct.of("requests", requests.requests())));
    Function<String, @Nullable Struct> known = classes::find;
    return new OfNode(DeviceClaim.of(claim, known, selectors), requests.mappings());
  }

  private Struct metadata() {
    Struct owner =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("controller", true)
            .add("kind", "Pod")
            .add("name", pod.key().name())
            .add("uid", pod.uid())
            .build();
    return new StructBuilder()
        .add("annotations", Struct.of(ANNOTATION, "true"))
        .add("generateName", pod.key().name() + "-extended-resources-")
        .add("name", UNNAMED)
        .add("namespace", pod.key().namespace())
        .add("ownerReferences", List.of(owner))
        .build();
  }

  /// The claim as it is created.
  static Struct toCreate(OfNode claim) {
    Struct object = claim.claim().object();
    return object.with("metadata", object.struct("metadata").without("name"));
  }
}
