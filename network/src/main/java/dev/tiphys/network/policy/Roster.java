package dev.tiphys.network.policy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Pods of the cluster as policies see them.
///
/// Of a Pod of this node more is known than what the API tells: which addresses it has before its
/// status says so, that it is still there though its object is gone, and that an address is no
/// longer another's.
///
/// Threads: one.
final class Roster {
  private final String node;
  private final Observed observed;
  private final Rulings rulings;
  private final Map<String, Member> members = new HashMap<>();
  private final Map<String, ObjectKey> local = new HashMap<>();
  private final Map<String, Guarded> guarded = new HashMap<>();
  private final Map<InetAddress, String> owners = new HashMap<>();

  /// A Pod whose addresses this node has given to it.
  private record Guarded(Struct pod, List<InetAddress> addresses) {}

  /// @param rulings is told of each Pod that changes
  Roster(String node, Observed observed, Rulings rulings) {
    this.node = node;
    this.observed = observed;
    this.rulings = rulings;
  }

  /// All Pods, by uid.
  Map<String, Member> members() {
    return Collections.unmodifiableMap(members);
  }

  /// This node's Pods.
  List<Member> local() {
    return local.keySet().stream().map(members::get).filter(Objects::nonNull).toList();
  }

  /// The Pod of this node that has an address; null if none does.
  @Nullable Member local(InetAddress address) {
    String owner = owners.get(address);
    if (owner != null) {
      return members.get(owner);
    }
    Member found = null;
    for (Member member : local()) {
      if (member.addresses().contains(address)) {
        found = found == null || found.uid().compareTo(member.uid()) < 0 ? member : found;
      }
    }
    return found;
  }

  /// A Pod of this node has addresses from now on. Returns the Pods that this may change.
  Map<String, ObjectKey> guard(Struct pod, List<InetAddress> addresses) {
    String uid = Meta.of(pod).uid();
    Map<String, ObjectKey> affected = new HashMap<>(release(uid));
    affected.put(uid, ObjectKey.of(pod));
    guarded.put(uid, new Guarded(pod, List.copyOf(addresses)));
    local.put(uid, ObjectKey.of(pod));
    for (InetAddress address : addresses) {
      owners.put(address, uid);
      affected.putAll(holders(address));
    }
    return affected;
  }

  /// The addresses of a Pod are given back. Returns the Pods that this may change.
  Map<String, ObjectKey> release(String uid) {
    Guarded released = guarded.remove(uid);
    if (released == null) {
      return Map.of();
    }
    Map<String, ObjectKey> affected = new HashMap<>();
    affected.put(uid, ObjectKey.of(released.pod()));
    for (InetAddress address : released.addresses()) {
      if (owners.remove(address, uid)) {
        affected.putAll(holders(address));
      }
    }
    return affected;
  }

  private Map<String, ObjectKey> holders(InetAddress address) {
    Map<String, ObjectKey> holders = new HashMap<>();
    local.forEach(
        (uid, key) -> {
          Struct pod = observed.pod(uid, key);
          if (pod != null && Member.addressesOf(pod).contains(address)) {
            holders.put(uid, key);
          }
        });
    return holders;
  }

  /// The Pods of a namespace.
  Map<String, ObjectKey> of(String namespace) {
    Map<String, ObjectKey> found = new HashMap<>();
    observed
        .pods()
        .forEach(
            pod -> {
              if (Meta.of(pod).namespace().equals(namespace)) {
                found.put(Meta.of(pod).uid(), ObjectKey.of(pod));
              }
            });
    guarded.forEach(
        (uid, one) -> {
          if (Meta.of(one.pod()).namespace().equals(namespace)) {
            found.put(uid, ObjectKey.of(one.pod()));
          }
        });
    return found;
  }

  /// Looks at a Pod again. Returns the addresses of this node for which that may change something;
  /// null if nothing has changed.
  @Nullable Set<InetAddress> refresh(String uid, ObjectKey key) {
    Guarded own = guarded.get(uid);
    Struct known = observed.pod(uid, key);
    Struct pod = known == null && own != null ? own.pod() : known;
    Member before = members.get(uid);
    Member now = pod == null ? null : member(pod, own);
    Set<InetAddress> affected = new HashSet<>();
    if (local.containsKey(uid) && before != null) {
      affected.addAll(before.addresses());
    }
    if (now == null) {
      members.remove(uid);
    } else {
      members.put(uid, now);
    }
    rulings.update(before, now);
    if (pod != null && (own != null || pod.string("spec", "nodeName").equals(node))) {
      local.put(uid, key);
      if (now != null) {
        affected.addAll(now.addresses());
      }
    } else {
      local.remove(uid);
    }
    return Objects.equals(before, now) ? null : affected;
  }

  private @Nullable Member member(Struct pod, @Nullable Guarded own) {
    Struct labels = observed.labelsOf(Meta.of(pod).namespace());
    if (own != null) {
      return Member.of(pod, labels, own.addresses());
    }
    List<InetAddress> addresses = new ArrayList<>(Member.addressesOf(pod));
    addresses.removeIf(owners::containsKey);
    return Member.of(pod, labels, addresses);
  }

  /// Looks at all Pods again.
  void refreshAll() {
    Map<String, ObjectKey> all = new HashMap<>();
    members.keySet().forEach(uid -> all.put(uid, new ObjectKey("", "")));
    observed.pods().forEach(pod -> all.put(Meta.of(pod).uid(), ObjectKey.of(pod)));
    guarded.forEach((uid, one) -> all.put(uid, ObjectKey.of(one.pod())));
    all.forEach(this::refresh);
  }
}
