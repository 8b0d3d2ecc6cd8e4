package dev.tiphys.apiserver.allocation;

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
import java.util.function.Supplier;

/// Gives Services their cluster IPs. Each address that is taken is an IPAddress object, so that two
/// servers never give the same one.
///
/// Threads: any.
final class ClusterAddresses {

  private static final int TRIES = 64;
  private static final Call CALL =
      new Call(UserInfo.of("system:apiserver", UserInfo.MASTERS), "kube-apiserver", 0, false);

  private final AddressRange range;
  private final World world;
  private final Supplier<Registry> addresses;

  /// @param cidr the range that addresses are taken from
  /// @param addresses the IPAddresses, once there is a catalog
  ClusterAddresses(String cidr, World world, Supplier<Registry> addresses) {
    this.range = AddressRange.parse(cidr);
    this.world = world;
    this.addresses = addresses;
  }

  /// Why an address can never be given to a Service; empty if it may be free.
  String objection(String address) {
    return range.holds(address)
        ? ""
        : "the provided IP ("
            + address
            + ") is not in the valid range. The range of valid IPs is "
            + range.cidr();
  }

  /// Takes an address that no Service has.
  ///
  /// @param dry whether it is only to be named
  String takeAny(Struct service, boolean dry) {
    for (int i = 0; i < TRIES; i++) {
      String address = range.address(1 + world.random().nextLong(range.size() - 2));
      if (!isTaken(address) && (dry || take(address, service))) {
        return address;
      }
    }
    throw ApiException.internal("failed to allocate a serviceIP: range is full");
  }

  /// Takes an address. Returns false if it is taken already.
  boolean take(String address, Struct service) {
    Struct labels =
        Struct.of(
            "ipaddress.kubernetes.io/ip-family",
            "IPv4",
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
            .add("apiVersion", "networking.k8s.io/v1")
            .add("kind", "IPAddress")
            .add("metadata", Struct.of("name", address, "labels", labels))
            .add("spec", Struct.of("parentRef", parent))
            .build();
    try {
      addresses.get().create(CALL, "", object);
      return true;
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return false;
      }
      throw e;
    }
  }

  boolean isTaken(String address) {
    return addresses.get().find("", address) != null;
  }

  /// Gives an address back, if this Service has it.
  void release(String address, Struct service) {
    Stored found = addresses.get().find("", address);
    if (found == null || !isHeldBy(found.object(), service)) {
      return;
    }
    String uid = Meta.of(found.object()).uid();
    try {
      addresses.get().delete(CALL, "", address, new DeleteRequest(null, "", uid, ""));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  /// Whether an address was given to this Service.
  static boolean isHeldBy(Struct address, Struct service) {
    Struct parent = address.struct("spec", "parentRef");
    return parent.string("resource").equals("services")
        && parent.string("namespace").equals(Meta.of(service).namespace())
        && parent.string("name").equals(Meta.of(service).name());
  }
}
