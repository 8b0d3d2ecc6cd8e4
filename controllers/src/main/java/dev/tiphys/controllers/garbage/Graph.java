package dev.tiphys.controllers.garbage;

import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.garbage.Node.Life;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which objects depend on which. No I/O: each change returns the work that it leads to.
///
/// Holds only objects that have owners or that wait for their dependents; of other owners only that
/// they were seen. An object without an owner costs nothing.
///
/// Threads: any.
final class Graph {

  private static final int REMEMBERED_ENDS = 4096;

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Dependents> dependents = new HashMap<>();
  private final Set<String> ended =
      java.util.Collections.newSetFromMap(
          new LinkedHashMap<String, Boolean>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED_ENDS;
            }
          });

  /// The objects that refer to one owner.
  private static final class Dependents {
    final Set<String> uids = new HashSet<>();

    /// Where the owner was seen; null if it was not yet.
    @Nullable String namespace;
  }

  synchronized @Nullable Node find(String uid) {
    return nodes.get(uid);
  }

  /// The objects that refer to an owner.
  synchronized List<Node> dependents(String owner) {
    Dependents own = dependents.get(owner);
    return own == null ? List.of() : own.uids.stream().map(this::present).toList();
  }

  private Node present(String uid) {
    return java.util.Objects.requireNonNull(nodes.get(uid));
  }

  synchronized boolean hasDependents(String owner) {
    return dependents.containsKey(owner);
  }

  /// Whether an object was seen to end. Uids are never used again.
  synchronized boolean hasEnded(String uid) {
    return ended.contains(uid);
  }

  /// An owner was found not to exist anywhere.
  synchronized void ended(String owner) {
    ended.add(owner);
  }

  /// An owner was found to exist; which is old news if it was seen to end meanwhile.
  synchronized void seen(String owner, String namespace) {
    Dependents own = dependents.get(owner);
    if (own != null && !ended.contains(owner)) {
      own.namespace = namespace;
    }
  }

  /// Whether every owner of an object is known to exist, where it can, and does not wait for it:
  /// then the object need not be looked at.
  synchronized boolean isWanted(Node node) {
    return !node.awaitsDependents()
        && node.owners().stream().allMatch(ref -> isKept(node, ref.uid()));
  }

  private boolean isKept(Node node, String uid) {
    Dependents own = dependents.get(uid);
    Node owner = nodes.get(uid);
    return own != null
        && own.namespace != null
        && !isMisplaced(node, own.namespace)
        && (owner == null || !owner.awaitsDependents());
  }

  /// An object exists.
  synchronized List<Work> put(Node now) {
    Node before = nodes.get(now.uid());
    if (now.equals(before)) {
      return List.of();
    }
    List<Work> work = new ArrayList<>();
    appeared(now, work);
    if (now.matters()) {
      nodes.put(now.uid(), now);
    }
    relink(before == null ? List.of() : before.owners(), now, work);
    if (!now.matters()) {
      nodes.remove(now.uid());
    }
    if (before == null || before.life() != now.life()) {
      lifeChanged(now, work);
    }
    return work;
  }

  /// Tells those that wait for an owner in a namespace where it is not.
  private void appeared(Node owner, List<Work> work) {
    Dependents own = dependents.get(owner.uid());
    if (own == null || own.namespace != null) {
      return;
    }
    own.namespace = owner.namespace();
    for (String uid : own.uids) {
      if (isMisplaced(present(uid), owner.namespace())) {
        work.add(new Work.Look(uid));
      }
    }
  }

  private static boolean isMisplaced(Node dependent, String ownerNamespace) {
    return !ownerNamespace.isEmpty() && !ownerNamespace.equals(dependent.namespace());
  }

  private void relink(List<OwnerRef> before, Node now, List<Work> work) {
    for (OwnerRef ref : before) {
      if (!refersTo(now, ref.uid())) {
        unlink(ref.uid(), now.uid());
      }
      if (ref.blocks() && !now.blocks(ref.uid())) {
        lookAtWaiting(ref.uid(), work);
      }
    }
    for (OwnerRef ref : now.owners()) {
      Dependents own = dependents.computeIfAbsent(ref.uid(), _ -> new Dependents());
      if (own.uids.add(now.uid())) {
        linked(ref.uid(), own, now, work);
      }
    }
  }

  private static boolean refersTo(Node node, String owner) {
    return node.owners().stream().anyMatch(ref -> ref.uid().equals(owner));
  }

  private void linked(String uid, Dependents own, Node now, List<Work> work) {
    Node owner = nodes.get(uid);
    if (owner != null) {
      own.namespace = owner.namespace();
    }
    if (own.namespace == null
        || isMisplaced(now, own.namespace)
        || (owner != null && owner.awaitsDependents())) {
      work.add(new Work.Look(now.uid()));
    }
  }

  private void lifeChanged(Node now, List<Work> work) {
    if (now.awaitsDependents()) {
      dependents(now.uid()).forEach(dependent -> work.add(new Work.Look(dependent.uid())));
      work.add(new Work.Look(now.uid()));
    } else if (now.life() == Life.ORPHANING_DEPENDENTS) {
      work.add(new Work.Orphan(now.uid()));
    }
  }

  private void lookAtWaiting(String owner, List<Work> work) {
    Node node = nodes.get(owner);
    if (node != null && node.awaitsDependents()) {
      work.add(new Work.Look(owner));
    }
  }

  private void unlink(String owner, String dependent) {
    Dependents own = dependents.get(owner);
    if (own != null && own.uids.remove(dependent) && own.uids.isEmpty()) {
      dependents.remove(owner);
    }
  }

  /// An object is gone.
  synchronized List<Work> remove(String uid) {
    List<Work> work = new ArrayList<>();
    Node node = nodes.remove(uid);
    if (node != null) {
      for (OwnerRef ref : node.owners()) {
        unlink(ref.uid(), uid);
        lookAtWaiting(ref.uid(), work);
      }
    }
    Dependents own = dependents.get(uid);
    if (own != null) {
      ended.add(uid);
      own.namespace = null;
      own.uids.forEach(dependent -> work.add(new Work.Look(dependent)));
    }
    return work;
  }

  /// The objects of a resource are these and no others.
  synchronized List<Work> retain(ApiResource resource, Set<String> uids) {
    List<String> gone = new ArrayList<>();
    nodes.forEach(
        (uid, node) -> {
          if (node.resource().equals(resource) && !uids.contains(uid)) {
            gone.add(uid);
          }
        });
    List<Work> work = new ArrayList<>();
    gone.forEach(uid -> work.addAll(remove(uid)));
    dependents.forEach(
        (owner, own) -> {
          if (!uids.contains(owner)
              && own.uids.stream().anyMatch(uid -> isOf(resource, owner, uid))) {
            own.namespace = null;
            own.uids.forEach(uid -> work.add(new Work.Look(uid)));
          }
        });
    return work;
  }

  /// A resource is no longer served. That says nothing of its objects, or of what they own.
  synchronized void forget(ApiResource resource) {
    List<Node> unseen =
        nodes.values().stream().filter(node -> node.resource().equals(resource)).toList();
    for (Node node : unseen) {
      nodes.remove(node.uid());
      node.owners().forEach(ref -> unlink(ref.uid(), node.uid()));
    }
  }

  /// Whether an object refers to an owner as one of this resource.
  private boolean isOf(ApiResource resource, String owner, String uid) {
    return present(uid).owners().stream()
        .anyMatch(
            ref ->
                ref.uid().equals(owner)
                    && ref.kind().equals(resource.kind())
                    && ref.group().equals(resource.groupVersion().group()));
  }

  /// All objects that have owners.
  synchronized List<Work> lookAtAll() {
    return nodes.keySet().stream().<Work>map(Work.Look::new).toList();
  }
}
