package dev.tiphys.controllers.garbage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.ListOptions;
import dev.tiphys.controllers.garbage.Node.Life;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Deletes an object whose owners are all gone, and carries out deletions that wait for dependents
/// or let them go.
///
/// The graph only says where to look: nothing is deleted before the object and its owners were read
/// from the server, and then only in the state that was read.
///
/// Cost of a look: one read of the object, and one of each owner that is not known to have ended.
final class Reaper {

  private final Api api;
  private final Graph graph;
  private final EventRecorder events;
  private final References references;
  private final Function<OwnerRef, @Nullable ApiResource> kinds;
  private final Consumer<List<Work>> enqueue;

  /// @param kinds which resource a reference means; null if none that is served
  /// @param enqueue takes further work
  Reaper(
      Api api,
      Graph graph,
      EventRecorder events,
      Function<OwnerRef, @Nullable ApiResource> kinds,
      Consumer<List<Work>> enqueue) {
    this.api = api.ofMetadata();
    this.graph = graph;
    this.events = events;
    this.references = new References(api);
    this.kinds = kinds;
    this.enqueue = enqueue;
  }

  /// An object, or null if it does not exist. That its resource is not served at the moment says
  /// nothing of the object, and is thrown.
  private @Nullable Struct read(ApiResource resource, String namespace, String name) {
    try {
      return api.get(resource, namespace, name);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND) && e.status().has("details", "name")) {
        return null;
      }
      throw e;
    }
  }

  /// Looks at an object that may no longer be wanted, or waits for its dependents.
  void look(String uid) {
    Node node = graph.find(uid);
    if (node == null
        || node.life() == Life.LEAVING
        || node.life() == Life.ORPHANING_DEPENDENTS
        || graph.isWanted(node)) {
      return;
    }
    Struct live = read(node.resource(), node.namespace(), node.name());
    if (live == null || !Meta.of(live).uid().equals(uid)) {
      enqueue.accept(graph.remove(uid));
    } else if (node.awaitsDependents()) {
      finishForeground(node);
    } else {
      judge(node, live);
    }
  }

  /// Lets an object end that waited for its dependents, or sees to it that they end.
  private void finishForeground(Node node) {
    List<Node> blocking =
        graph.dependents(node.uid()).stream().filter(each -> each.blocks(node.uid())).toList();
    if (blocking.isEmpty()) {
      references.removeFinalizer(node, Node.FOREGROUND);
      return;
    }
    for (Node dependent : blocking) {
      if (!dependent.awaitsDependents()) {
        enqueue.accept(List.of(new Work.Look(dependent.uid())));
      }
    }
  }

  /// What an owner that a reference names is.
  private enum Owner {
    SOLID,
    ABSENT,
    /// It waits for the end of its dependents.
    WAITING
  }

  private void judge(Node node, Struct live) {
    Set<String> unwanted = new HashSet<>();
    boolean solid = false;
    boolean waiting = false;
    List<OwnerRef> owners = OwnerRef.of(live.struct("metadata"));
    for (OwnerRef ref : owners) {
      Owner owner = ownerOf(node, ref);
      solid |= owner == Owner.SOLID;
      waiting |= owner == Owner.WAITING;
      if (owner != Owner.SOLID) {
        unwanted.add(ref.uid());
      }
    }
    if (solid) {
      if (!unwanted.isEmpty()) {
        references.remove(node, unwanted);
      }
    } else if (waiting && graph.hasDependents(node.uid())) {
      breakCircle(node, live);
      delete(node, live, "Foreground");
    } else if (!owners.isEmpty()) {
      delete(node, live, propagation(live));
    }
  }

  private Owner ownerOf(Node node, OwnerRef ref) {
    ApiResource resource = kinds.apply(ref);
    if (resource != null && resource.namespaced() && node.namespace().isEmpty()) {
      report(node.uid(), ref);
      return Owner.SOLID; // no place to look for it
    }
    if (graph.hasEnded(ref.uid())) {
      return Owner.ABSENT;
    }
    if (resource == null) {
      return Owner.SOLID; // it cannot be known; looked at again when it is served
    }
    String namespace = resource.namespaced() ? node.namespace() : "";
    Struct owner = read(resource, namespace, ref.name());
    if (owner == null || !Meta.of(owner).uid().equals(ref.uid())) {
      noteAbsence(node, ref, resource);
      return Owner.ABSENT;
    }
    graph.seen(ref.uid(), namespace);
    return Node.lifeOf(owner.struct("metadata")) == Life.AWAITING_DEPENDENTS
        ? Owner.WAITING
        : Owner.SOLID;
  }

  /// An owner that was never seen to end may be in another namespace, where it is of no use; that
  /// is worth telling. Costs a search, once for each owner that is nowhere.
  private void noteAbsence(Node node, OwnerRef ref, ApiResource resource) {
    boolean elsewhere =
        resource.namespaced()
            && api
                .list(resource, "", ListOptions.withFields("metadata.name=" + ref.name()))
                .items()
                .stream()
                .anyMatch(object -> Meta.of(object).uid().equals(ref.uid()));
    if (elsewhere) {
      report(node.uid(), ref);
    } else {
      graph.ended(ref.uid());
    }
  }

  /// Objects that own each other would wait for each other for ever.
  private void breakCircle(Node node, Struct live) {
    if (graph.dependents(node.uid()).stream().anyMatch(Node::awaitsDependents)) {
      references.unblock(node, live);
    }
  }

  private static String propagation(Struct live) {
    List<String> finalizers = Meta.of(live).finalizers();
    if (finalizers.contains(Node.ORPHAN)) {
      return "Orphan";
    }
    return finalizers.contains(Node.FOREGROUND) ? "Foreground" : "Background";
  }

  private void delete(Node node, Struct live, String propagation) {
    String version = Meta.of(live).resourceVersion();
    DeleteOptions options =
        propagation.equals("Foreground")
            ? DeleteOptions.withPropagation(propagation).ofUid(node.uid())
            : new DeleteOptions(-1, propagation, node.uid(), version);
    try {
      api.delete(node.resource(), node.namespace(), node.name(), options);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Lets the dependents of an object go.
  void orphan(String uid) {
    Node owner = graph.find(uid);
    if (owner == null) {
      return;
    }
    for (Node dependent : graph.dependents(uid)) {
      references.remove(dependent, Set.of(uid));
    }
    references.removeFinalizer(owner, Node.ORPHAN);
  }

  private void report(String uid, OwnerRef ref) {
    Node node = graph.find(uid);
    if (node == null) {
      return;
    }
    Struct regarding =
        new StructBuilder()
            .add("apiVersion", node.resource().apiVersion())
            .add("kind", node.resource().kind())
            .addUnlessEmpty("namespace", node.namespace())
            .add("name", node.name())
            .add("uid", uid)
            .build();
    String owner =
        "[%s/%s, namespace: %s, name: %s, uid: %s]"
            .formatted(ref.apiVersion(), ref.kind(), node.namespace(), ref.name(), ref.uid());
    events.record(
        regarding,
        "Warning",
        "OwnerRefInvalidNamespace",
        "ownerRef " + owner + " does not exist in namespace \"" + node.namespace() + "\"");
  }
}
