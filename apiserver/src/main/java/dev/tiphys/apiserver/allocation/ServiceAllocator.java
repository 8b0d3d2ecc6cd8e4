package dev.tiphys.apiserver.allocation;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.Allocation;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives Services cluster IPs and node ports, and finds again what a crash left behind.
///
/// Threads: any; [#repair] one at a time.
public final class ServiceAllocator {

  private final Lookup lookup;
  private final ClusterAddresses addresses;
  private final NodePorts nodePorts;

  /// What was taken without a Service that has it, at the last repair.
  private Set<Long> suspectPorts = Set.of();

  private Set<String> suspectAddresses = Set.of();

  /// @param cidr the range of cluster IPs
  /// @param ipAddresses the registry of IPAddresses, once there is a catalog
  public ServiceAllocator(
      String cidr, Store store, World world, Lookup lookup, Supplier<Registry> ipAddresses) {
    this.lookup = lookup;
    this.addresses = new ClusterAddresses(cidr, world, ipAddresses);
    this.nodePorts = new NodePorts(store, world, this::usedPorts);
  }

  /// Takes what a Service needs and does not have yet.
  ///
  /// @param old the state that is replaced; null for a new Service
  /// @param dry whether nothing is to be taken in truth
  public Allocation allocate(Struct service, @Nullable Struct old, boolean dry) {
    return ServiceAllocation.take(addresses, nodePorts, dry, service, old);
  }

  /// Gives back what a Service had that is gone.
  public void release(Struct service) {
    if (ServiceNeeds.clusterIp(service) && !ServiceNeeds.isHeadless(service)) {
      addresses.release(service.string("spec", "clusterIP"), service);
    }
    nodePorts.release(ServiceNeeds.nodePorts(service));
  }

  private List<Struct> services() {
    return lookup.list("", "services", "");
  }

  private Set<Long> usedPorts() {
    Set<Long> used = new HashSet<>();
    services().forEach(service -> used.addAll(ServiceNeeds.nodePorts(service)));
    return used;
  }

  /// Takes what Services have and is not taken, and gives back what was taken without a Service at
  /// this repair and at the last one: between the two every write has ended.
  public void repair() {
    Set<Long> taken = nodePorts.taken();
    List<Struct> ipAddresses = lookup.list("networking.k8s.io", "ipaddresses", "");
    List<Struct> services = services(); // after what is taken, so that new ones are not suspected
    Set<Long> used = new HashSet<>();
    Set<String> owners = new HashSet<>();
    for (Struct service : services) {
      used.addAll(ServiceNeeds.nodePorts(service));
      if (ServiceNeeds.clusterIp(service) && !ServiceNeeds.isHeadless(service)) {
        String address = service.string("spec", "clusterIP");
        owners.add(owner(address, Meta.of(service).namespace(), Meta.of(service).name()));
        if (!address.isEmpty()) {
          addresses.take(address, service);
        }
      }
    }
    nodePorts.mark(used);
    taken.removeAll(used);
    Set<Long> lost = new HashSet<>(taken);
    lost.retainAll(suspectPorts);
    nodePorts.release(lost);
    suspectPorts = taken;
    releaseAddresses(ipAddresses, owners);
  }

  private void releaseAddresses(List<Struct> ipAddresses, Set<String> owners) {
    Set<String> suspects = new HashSet<>();
    for (Struct ipAddress : ipAddresses) {
      Struct parent = ipAddress.struct("spec", "parentRef");
      String address = Meta.of(ipAddress).name();
      String owner = owner(address, parent.string("namespace"), parent.string("name"));
      if (!parent.string("resource").equals("services") || owners.contains(owner)) {
        continue;
      }
      if (suspectAddresses.contains(owner)) {
        addresses.release(
            address,
            Struct.of(
                "metadata",
                Struct.of("namespace", parent.string("namespace"), "name", parent.string("name"))));
      } else {
        suspects.add(owner);
      }
    }
    suspectAddresses = suspects;
  }

  private static String owner(String address, String namespace, String name) {
    return address + " " + namespace + "/" + name;
  }
}
