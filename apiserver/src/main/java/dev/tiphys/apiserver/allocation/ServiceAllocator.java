package dev.tiphys.apiserver.allocation;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.Allocation;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives Services cluster IPs and node ports, and finds again what a crash left behind.
///
/// Threads: any; [#repair] one at a time.
public final class ServiceAllocator {

  private final ServiceRanges ranges;
  private final Lookup lookup;
  private final ClusterAddresses addresses;
  private final NodePorts nodePorts;

  /// What was taken without a Service that has it, at the last repair.
  private Set<Long> suspectPorts = Set.of();

  private Set<String> suspectAddresses = Set.of();

  /// @param ranges where cluster IPs come from
  /// @param ipAddresses the registry of IPAddresses, once there is a catalog
  public ServiceAllocator(
      ServiceRanges ranges,
      Store store,
      World world,
      Lookup lookup,
      Supplier<Registry> ipAddresses) {
    this.ranges = ranges;
    this.lookup = lookup;
    this.addresses = new ClusterAddresses(ranges, world, lookup, ipAddresses);
    this.nodePorts = new NodePorts(store, world, this::usedPorts);
  }

  /// Where cluster IPs come from to begin with.
  public ServiceRanges ranges() {
    return ranges;
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
      ServiceNeeds.addresses(service).forEach(address -> addresses.release(address, service));
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
  /// this repair and at the last one: between the two every write has ended. What is found is told
  /// in events, as upstream's repair loops tell it.
  public void repair(EventRecorder events) {
    Set<Long> taken = nodePorts.taken();
    List<Struct> ipAddresses = lookup.list("networking.k8s.io", "ipaddresses", "");
    List<Struct> services = services(); // after what is taken, so that new ones are not suspected
    Map<Long, Struct> used = new HashMap<>();
    Set<String> owners = new HashSet<>();
    for (Struct service : services) {
      repairPorts(service, taken, used, events);
      if (ServiceNeeds.clusterIp(service) && !ServiceNeeds.isHeadless(service)) {
        for (String address : ServiceNeeds.addresses(service)) {
          owners.add(owner(address, Meta.of(service).namespace(), Meta.of(service).name()));
          repairAddress(address, service, events);
        }
      }
    }
    nodePorts.mark(used.keySet());
    taken.removeAll(used.keySet());
    Set<Long> lost = new HashSet<>(taken);
    lost.retainAll(suspectPorts);
    nodePorts.release(lost);
    suspectPorts = taken;
    releaseAddresses(ipAddresses, owners, events);
  }

  /// @param used the ports that Services before this one have
  private static void repairPorts(
      Struct service, Set<Long> taken, Map<Long, Struct> used, EventRecorder events) {
    for (long port : ServiceNeeds.nodePorts(service)) {
      if (used.putIfAbsent(port, service) != null) {
        events.warning(
            service,
            "PortAlreadyAllocated",
            "Port %d was assigned to multiple services; please recreate service".formatted(port));
      } else if (!NodePorts.objection(port).isEmpty()) {
        events.warning(
            service,
            "PortOutOfRange",
            "Port %d is not within the port range %s; please recreate service"
                .formatted(port, NodePorts.RANGE));
      } else if (!taken.contains(port)) {
        events.warning(
            service, "PortNotAllocated", "Port %d is not allocated; repairing".formatted(port));
      }
    }
  }

  private void repairAddress(String address, Struct service, EventRecorder events) {
    String family = ClusterAddresses.family(address);
    if (!addresses.objection(address).isEmpty()) {
      events.warning(
          service,
          "ClusterIPOutOfRange",
          "Cluster IP [%s]: %s is not within any configured Service CIDR; please recreate service"
              .formatted(family, address));
    } else if (addresses.take(address, service)) {
      events.warning(
          service,
          "ClusterIPNotAllocated",
          "Cluster IP [%s]: %s is not allocated; repairing".formatted(family, address));
    } else if (!addresses.isHeldBy(address, service)) {
      events.warning(
          service,
          "ClusterIPAlreadyAllocated",
          "Cluster IP [%s]:%s was assigned to multiple services; please recreate service"
              .formatted(family, address));
    }
  }

  private void releaseAddresses(
      List<Struct> ipAddresses, Set<String> owners, EventRecorder events) {
    Set<String> suspects = new HashSet<>();
    for (Struct ipAddress : ipAddresses) {
      Struct parent = ipAddress.struct("spec", "parentRef");
      String address = Meta.of(ipAddress).name();
      String owner = owner(address, parent.string("namespace"), parent.string("name"));
      if (!parent.string("resource").equals("services") || owners.contains(owner)) {
        continue;
      }
      if (suspectAddresses.contains(owner)) {
        events.warning(
            ipAddress,
            "IPAddressNotAllocated",
            "IPAddress: %s for Service %s/%s appears to have leaked: cleaning up"
                .formatted(address, parent.string("namespace"), parent.string("name")));
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
