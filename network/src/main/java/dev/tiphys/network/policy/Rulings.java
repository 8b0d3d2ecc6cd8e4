package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What policies say of connections whose true ends the kernel does not see, since a program of the
/// node stands between them: the same that the kernel is told of all others.
///
/// Threads: any may ask, one tells what has changed.
final class Rulings {

  private final Function<String, List<Policy>> ofNamespace;
  private final Predicate<InetAddress> node;
  private final Map<String, List<Policy>> policies = new ConcurrentHashMap<>();
  private final Map<InetAddress, Member> pods = new ConcurrentHashMap<>();

  /// @param ofNamespace the policies of a namespace as they are now; any thread
  /// @param node whether an address is one of the node's own, which reaches all Pods; any thread
  Rulings(Function<String, List<Policy>> ofNamespace, Predicate<InetAddress> node) {
    this.ofNamespace = ofNamespace;
    this.node = node;
  }

  /// The policies of some namespaces are others.
  void forget(Set<String> namespaces) {
    policies.keySet().removeAll(namespaces);
  }

  /// All policies are looked at again.
  void forgetAll() {
    policies.clear();
  }

  /// A Pod is another now; null for one that was not or is no more.
  void update(@Nullable Member before, @Nullable Member now) {
    if (before != null) {
      before.addresses().forEach(address -> pods.remove(address, before));
    }
    if (now != null) {
      now.addresses().forEach(address -> pods.put(address, now));
    }
  }

  List<Policy> policies(String namespace) {
    return policies.computeIfAbsent(namespace, ofNamespace);
  }

  /// Whether a connection by TCP may be made.
  boolean let(InetAddress from, InetSocketAddress to) {
    Member caller = pods.get(from);
    Member called = pods.get(to.getAddress());
    if (from.equals(to.getAddress())) {
      return true; // a Pod cannot be kept from itself
    }
    return (caller == null || lets(caller, Direction.EGRESS, called, to.getAddress(), called, to))
        && (called == null
            || lets(called, Direction.INGRESS, caller, from, called, to)
            || caller == null && node.test(from));
  }

  /// @param peer the other end; null if it is no Pod
  private boolean lets(
      Member pod,
      Direction direction,
      @Nullable Member peer,
      InetAddress address,
      @Nullable Member called,
      InetSocketAddress to) {
    boolean isolated = false;
    for (Policy policy : policies(pod.namespace())) {
      List<Permission> permissions = policy.permissions().get(direction);
      if (permissions == null || !policy.isAbout(pod)) {
        continue;
      }
      isolated = true;
      for (Permission permission : permissions) {
        if (isPeer(permission, peer, address) && isPort(permission, called, to.getPort())) {
          return true;
        }
      }
    }
    return !isolated;
  }

  private static boolean isPeer(Permission permission, @Nullable Member peer, InetAddress address) {
    return permission.peers().isEmpty()
        || permission.peers().stream()
            .anyMatch(
                each ->
                    switch (each) {
                      case Peer.Anyone _ -> true;
                      case Peer.Block block -> block.contains(address);
                      case Peer.Pods _ -> peer != null && each.covers(peer, address);
                    });
  }

  private static boolean isPort(Permission permission, @Nullable Member called, int port) {
    return permission.ports().isEmpty()
        || permission.ports().stream()
            .anyMatch(
                each ->
                    switch (each) {
                      case PolicyPort.Numbers(Protocol protocol, int first, int last) ->
                          protocol == Protocol.TCP && first <= port && port <= last;
                      case PolicyPort.Name name ->
                          name.protocol() == Protocol.TCP
                              && called != null
                              && called.ports(name).contains(port);
                    });
  }
}
