package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Catalog;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Registry.Wish;
import dev.tiphys.apiserver.registry.Stored;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// Gives Services their cluster IPs. Each address that is taken is an IPAddress object, so that two
/// servers never give the same one.
///
/// Threads: any.
public final class ClusterAddresses {

  private static final int TRIES = 64;
  private static final Call CALL =
      new Call(UserInfo.of("system:apiserver", UserInfo.MASTERS), "kube-apiserver", 0, false);

  private final AddressRange range;
  private final World world;
  private volatile @Nullable Registry addresses;

  /// @param cidr the range that addresses are taken from
  public ClusterAddresses(String cidr, World world) {
    this.range = AddressRange.parse(cidr);
    this.world = world;
  }

  /// Lets addresses be taken, once there is a catalog.
  public void connect(Catalog catalog) {
    addresses = catalog.registry("networking.k8s.io", "ipaddresses");
  }

  private Registry addresses() {
    Registry connected = addresses;
    if (connected == null) {
      throw new IllegalStateException("the catalog is not put together yet");
    }
    return connected;
  }

  /// Why an address can't be given to anybody; empty if it can.
  String objection(String address) {
    if (range.holds(address)) {
      return "";
    }
    return range.covers(address)
        ? "the provided IP ("
            + address
            + ") is not in the valid range. The range of valid IPs is "
            + range.cidr()
        : "the provided network does not match the current range";
  }

  /// Takes an address that nobody has.
  ///
  /// @param dry whether it is only to be named
  String takeAny(Struct service, boolean dry) {
    for (int i = 0; i < TRIES; i++) {
      String address = range.address(1 + world.random().nextLong(range.size() - 2));
      if (addresses().find("", address) == null && (dry || take(address, service))) {
        return address;
      }
    }
    throw ApiException.internal("failed to allocate a serviceIP: range is full");
  }

  /// Takes an address. Returns false if somebody has it.
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
            .add("namespace", service.string("metadata", "namespace"))
            .add("name", service.string("metadata", "name"))
            .build();
    Struct object =
        new StructBuilder()
            .add("apiVersion", "networking.k8s.io/v1")
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

  /// Whether an address was given to this Service.
  boolean isHeldBy(String address, String namespace, String name) {
    Stored found = addresses().find("", address);
    Struct parent = found == null ? Struct.EMPTY : found.object().struct("spec", "parentRef");
    return parent.string("namespace").equals(namespace) && parent.string("name").equals(name);
  }

  boolean isTaken(String address) {
    return addresses().find("", address) != null;
  }

  /// Gives an address back.
  void release(String address) {
    try {
      addresses().delete(CALL, "", address, new Wish(null, "", "", ""));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
