package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.allocation.ServiceAllocator;
import dev.tiphys.apiserver.authorization.rbac.AccessStrategy;
import dev.tiphys.apiserver.authorization.rbac.Escalation;
import dev.tiphys.apiserver.custom.CustomResources;
import dev.tiphys.apiserver.custom.DefinitionStrategy;
import dev.tiphys.apiserver.kinds.gated.DeviceTaintRuleStrategy;
import dev.tiphys.apiserver.kinds.gated.GatedPodFields;
import dev.tiphys.apiserver.kinds.gated.PodGroupStrategy;
import dev.tiphys.apiserver.kinds.gated.WorkloadStrategy;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.World;
import java.util.List;

/// Which kind has which strategy.
public final class Strategies {

  private Strategies() {}

  /// What strategies work with.
  ///
  /// @param world time and chance
  /// @param leases the leases that short-lived objects are tied to
  /// @param services gives Services addresses and ports
  /// @param escalation keeps users from giving away rights that they do not have
  /// @param gates which features are on
  public record Dependencies(
      World world,
      EventLeases leases,
      ServiceAllocator services,
      Escalation escalation,
      FeatureGates gates) {}

  /// The strategy of a resource.
  public static Strategy of(Resource resource, Dependencies dependencies) {
    return switch (resource.schema()) {
      case Type _ ->
          GatedPodFields.before(
              resource.groupResource(), builtIn(resource, dependencies), dependencies.gates());
      case StructuralSchema _ -> CustomResources.strategy(resource);
    };
  }

  private static Strategy builtIn(Resource resource, Dependencies dependencies) {
    return switch (resource.groupResource()) {
      case "certificatesigningrequests.certificates.k8s.io" ->
          new SigningRequestStrategy(dependencies.world());
      case "customresourcedefinitions.apiextensions.k8s.io" ->
          new DefinitionStrategy(dependencies.world());
      case "daemonsets.apps" -> new DaemonSetStrategy();
      case "devicetaintrules.resource.k8s.io" -> new DeviceTaintRuleStrategy(dependencies.world());
      case "endpointslices.discovery.k8s.io" -> new SliceStrategy();
      case "events" -> new EventStrategy(dependencies.leases());
      case "jobs.batch" -> new JobStrategy();
      case "limitranges" -> new LimitRangeStrategy(dependencies.world());
      case "namespaces" -> new NamespaceStrategy();
      case "nodes" -> new NodeStrategy();
      case "persistentvolumeclaims" -> new ClaimStrategy();
      case "persistentvolumes" -> new VolumeStrategy(dependencies.world());
      case "podgroups.scheduling.k8s.io" -> new PodGroupStrategy();
      case "pods" -> new PodStrategy();
      case "resourceslices.resource.k8s.io" -> new DeviceSliceStrategy(dependencies.world());
      case "secrets" -> new SecretStrategy();
      case "services" -> new ServiceStrategy(dependencies.services());
      case "serviceaccounts" -> new ServiceAccountStrategy();
      case "workloads.scheduling.k8s.io" -> new WorkloadStrategy();
      case "clusterrolebindings.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "roles.rbac.authorization.k8s.io" ->
          new AccessStrategy(resource.plural(), dependencies.escalation());
      default -> Strategy.PLAIN;
    };
  }

  /// Nodes: what once configured their kubelets can no longer be set.
  private static final class NodeStrategy implements Strategy {

    @Override
    public Struct prepareForCreate(Call call, Struct node) {
      return node.withoutAt("spec", "configSource").withoutAt("status", "config");
    }

    @Override
    public Struct prepareForUpdate(Call call, Struct node, Struct old) {
      return old.has("spec", "configSource") ? node : node.withoutAt("spec", "configSource");
    }

    @Override
    public Struct prepareForStatusUpdate(Call call, Struct node, Struct old) {
      return old.has("status", "config") ? node : node.withoutAt("status", "config");
    }
  }

  /// EndpointSlices: the topology of older versions is only kept where the endpoints stay as they
  /// are.
  private static final class SliceStrategy implements Strategy {

    @Override
    public Struct prepareForCreate(Call call, Struct slice) {
      return slice.has("endpoints")
          ? slice.with(
              "endpoints",
              slice.structs("endpoints").stream()
                  .map(endpoint -> endpoint.without("deprecatedTopology"))
                  .toList())
          : slice;
    }

    @Override
    public Struct prepareForUpdate(Call call, Struct slice, Struct old) {
      return slice.list("endpoints").equals(old.list("endpoints"))
          ? slice
          : prepareForCreate(call, slice);
    }
  }

  /// ResourceSlices: a taint that does not say since when it is there is there from now on.
  private record DeviceSliceStrategy(World world) implements Strategy {

    @Override
    public Struct prepareForCreate(Call call, Struct slice) {
      List<Struct> devices = slice.structs("spec", "devices");
      return devices.stream().allMatch(device -> device.list("taints").isEmpty())
          ? slice
          : slice.withAt(devices.stream().map(this::timed).toList(), "spec", "devices");
    }

    @Override
    public Struct prepareForUpdate(Call call, Struct slice, Struct old) {
      return prepareForCreate(call, slice);
    }

    private Struct timed(Struct device) {
      List<Struct> taints = device.structs("taints");
      String now = Timestamps.seconds(world.now());
      return taints.isEmpty()
          ? device
          : device.with(
              "taints",
              taints.stream()
                  .map(taint -> taint.has("timeAdded") ? taint : taint.with("timeAdded", now))
                  .toList());
    }
  }
}
