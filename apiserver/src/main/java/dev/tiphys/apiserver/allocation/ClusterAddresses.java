package dev.tiphys.apiserver.allocation;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Gives Services their cluster IPs, from the ranges of the cluster and from those of ServiceCIDRs.
/// Each address that is taken is an IPAddress object, so that two servers never give the same one.
///
/// Threads: any.
final class ClusterAddresses {

  private static final String GROUP = "networking.k8s.io";
  private static final int TRIES = 64;
  private static final Call CALL =
      new Call(UserInfo.of("system:apiserver", UserInfo.MASTERS), "kube-apiserver", 0, false);

  private final ServiceRanges own;
  private final World world;
  private final Lookup lookup;
  private final Supplier<Registry> addresses;

  /// @param addresses the IPAddresses, once there is a catalog
  ClusterAddresses(ServiceRanges own, World world, Lookup lookup, Supplier<Registry> addresses) {
    this.own = own;
    this.world = world;
    this.lookup = lookup;
    this.addresses = addresses;
  }

  private Registry addresses() {
    return addresses.get();
  }

  /// The ranges of a family, the cluster's own before those that were added.
  List<AddressRange> ranges(String family) {
    List<AddressRange> ranges = new ArrayList<>(own.ranges());
    for (Struct added : lookup.list(GROUP, "servicecidrs", "")) {
      if (!Meta.of(added).isBeingDeleted() && Meta.isTrue(added, "Ready")) {
        for (String cidr : added.struct("spec").strings("cidrs")) {
          AddressRange range = AddressRange.parse(cidr);
          if (!ranges.contains(range)) {
            ranges.add(range);
          }
        }
      }
    }
    ranges.removeIf(range -> !range.family().equals(family));
    return ranges;
  }

  /// Why an address can never be given to a Service; empty if it may be free.
  String objection(String address) {
    List<AddressRange> ranges = ranges(family(address));
    return ranges.stream().anyMatch(range -> range.holds(address))
        ? ""
        : "the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
            .formatted(
                address,
                String.join(",", ranges.stream().map(AddressRange::cidr).distinct().toList()));
  }

  static String family(String address) {
    return address.contains(":") ? "IPv6" : "IPv4";
  }

  /// Takes an address that no Service has.
  ///
  /// @param dry whether it is only to be named
  String takeAny(String family, Struct service, boolean dry) {
    for (AddressRange range : ranges(family)) {
      String address = takeAny(range, range.reserved(), range.end(), service, dry);
      if (address.isEmpty()) {
        address = takeAny(range, 1, Math.min(range.reserved(), range.end()), service, dry);
      }
      if (!address.isEmpty()) {
        return address;
      }
    }
    throw ApiException.internal("failed to allocate a serviceIP: range is full");
  }

  /// An address of a part of a range: any at first, then, as it seems to be nearly full, the next
  /// one that is free. Empty if there is none.
  private String takeAny(AddressRange range, long from, long to, Struct service, boolean dry) {
    long count = to - from;
    if (count <= 0) {
      return "";
    }
    long begin = world.random().nextLong(count);
    for (int i = 0; i < Math.min(TRIES, count); i++) {
      String address = range.address(from + world.random().nextLong(count));
      if (!isTaken(address) && (dry || take(address, service))) {
        return address;
      }
    }
    for (long i = 0; i < count; i++) {
      String address = range.address(from + (begin + i) % count);
      if (!isTaken(address) && (dry || take(address, service))) {
        return address;
      }
    }
    return "";
  }

  /// Takes an address. Returns false if it is taken already.
  boolean take(String address, Struct service) {
    Struct labels =
        Struct.of(
            "ipaddress.kubernetes.io/ip-family",
            family(address),
            "ipaddress.kubernetes.io/managed-by",
            "ipallocator.k8s.io");
    Struct parent =
        new StructBuilder()
            .add("group", "")
            .add("resource", "services")
            .add("namespace", Meta.of(service).namespace())
            .add("name", Meta.of(service).name())
            .build();
    Struct object =
        new StructBuilder()
            .add("apiVersion", GROUP + "/v1")
            .add("kind", "IPAddress")
            .add("metadata", Struct.of("name", address, "labels", labels))
            .add("spec", Struct.of("parentRef", parent))
            .build();
    try {
      addresses().create(CALL, "", object);
      return true;
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return false;
      }
      throw e;
    }
  }

  boolean isTaken(String address) {
    return addresses().find("", address) != null;
  }

  /// Gives an address back, if this Service has it.
  void release(String address, Struct service) {
    Stored found = addresses().find("", address);
    if (found == null || !isHeldBy(found.object(), service)) {
      return;
    }
    String uid = Meta.of(found.object()).uid();
    try {
      addresses().delete(CALL, "", address, new DeleteRequest(null, "", uid, ""));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  /// Whether an address is taken by this Service.
  boolean isHeldBy(String address, Struct service) {
    Stored found = addresses().find("", address);
    return found != null && isHeldBy(found.object(), service);
  }

  /// Whether an address was given to this Service.
  static boolean isHeldBy(Struct address, Struct service) {
    Struct parent = address.struct("spec", "parentRef");
    return parent.string("resource").equals("services")
        && parent.string("namespace").equals(Meta.of(service).namespace())
        && parent.string("name").equals(Meta.of(service).name());
  }
}
