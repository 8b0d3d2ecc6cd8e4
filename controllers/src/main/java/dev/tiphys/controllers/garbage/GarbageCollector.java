package dev.tiphys.controllers.garbage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.Meta;
import dev.tiphys.client.Reason;
import dev.tiphys.client.WorkQueue;
import dev.tiphys.controllers.common.Part;
import dev.tiphys.controllers.common.ResourceWatch;
import dev.tiphys.controllers.garbage.Node.Life;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Deletes objects whose owners are all gone, and carries out deletions that wait for dependents or
/// let them go.
///
/// Cost: for each object that is looked at, one read of it and one of each owner that is not known
/// to have ended. Memory: see [Graph].
public final class GarbageCollector implements Part {

  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());
  private static final String NAME = "generic-garbage-collector";
  private static final Duration DISCOVERY_PERIOD = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final int workers;
  private final EventRecorder events;
  private final References references;
  private final Graph graph = new Graph();
  private final WorkQueue<Work> queue;
  private final Map<ApiResource, ResourceWatch> watches = new LinkedHashMap<>();
  private final List<Task> tasks = new CopyOnWriteArrayList<>();
  private volatile Kinds kinds = new Kinds(List.of());

  public GarbageCollector(World world, Api api, int workers) {
    this.world = world;
    this.api = api;
    this.workers = workers;
    this.events = new EventRecorder(world, api, "garbage-collector-controller", "");
    this.references = new References(api);
    this.queue = new WorkQueue<>(world);
  }

  @Override
  public void start() {
    tasks.add(world.start(NAME, this::run));
  }

  /// Before the first look everything must have been seen once, or owners would be missed that only
  /// have not been listed yet.
  private void run() {
    try {
      discover();
      for (ResourceWatch watch : List.copyOf(watches.values())) {
        watch.awaitListed(DISCOVERY_PERIOD);
      }
      for (int i = 0; i < workers; i++) {
        tasks.add(world.start(NAME + "-" + i, this::work));
      }
      while (true) {
        world.background().sleep(DISCOVERY_PERIOD);
        discover();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void discover() {
    Kinds served;
    try {
      served = new Kinds(api.discover());
    } catch (ApiException e) {
      LOG.log(Level.WARNING, "discovery failed: error={0}", e.message());
      return;
    }
    Set<ApiResource> before = Set.copyOf(watches.keySet());
    Set<ApiResource> now = new HashSet<>(served.all());
    if (now.equals(before)) {
      return;
    }
    kinds = served;
    synchronized (watches) {
      before.stream().filter(resource -> !now.contains(resource)).forEach(this::forget);
      now.stream()
          .filter(resource -> !before.contains(resource))
          .forEach(
              resource ->
                  watches.put(
                      resource, new ResourceWatch(world, api, resource, "", listener).start()));
    }
    // References that led nowhere may lead somewhere now.
    add(graph.lookAtAll(), 0);
  }

  private void forget(ApiResource resource) {
    ResourceWatch watch = watches.remove(resource);
    if (watch != null) {
      watch.close();
    }
    graph.forget(resource);
  }

  private final ResourceWatch.Listener listener =
      new ResourceWatch.Listener() {
        @Override
        public void exists(ApiResource resource, Struct object) {
          add(graph.put(Node.of(resource, object)), Meta.of(object).revision());
        }

        @Override
        public void gone(ApiResource resource, Struct last) {
          add(graph.remove(Meta.of(last).uid()), Meta.of(last).revision());
        }

        @Override
        public void listed(ApiResource resource, Set<String> uids) {
          add(graph.retain(resource, uids), 0);
        }
      };

  private void add(List<Work> work, long cause) {
    work.forEach(each -> queue.add(each, cause));
  }

  private void work() {
    try {
      for (var item = queue.take(); item != null; item = queue.take()) {
        Work work = item.key();
        try {
          Cause.during(item.cause(), () -> attempt(work));
        } finally {
          queue.done(work);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt(Work work) {
    try {
      switch (work) {
        case Work.Look(String uid) -> look(uid);
        case Work.Orphan(String uid) -> orphan(uid);
      }
      queue.forget(work);
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        LOG.log(Level.WARNING, "collecting failed: work={0} error={1}", work, e.message());
      }
      queue.addBackingOff(work);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "collecting failed: work=" + work, e);
      queue.addBackingOff(work);
    }
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

  private void look(String uid) {
    Node node = graph.find(uid);
    if (node == null || node.life() == Life.LEAVING || node.life() == Life.ORPHANING_DEPENDENTS) {
      return;
    }
    Struct live = read(node.resource(), node.namespace(), node.name());
    if (live == null || !Meta.of(live).uid().equals(uid)) {
      add(graph.remove(uid), Cause.revision());
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
        queue.add(new Work.Look(dependent.uid()), Cause.revision());
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
    ApiResource resource = kinds.of(ref);
    if (resource != null && resource.namespaced() && node.namespace().isEmpty()) {
      report(node.uid(), ref);
      return Owner.SOLID; // no place to look for it
    }
    if (graph.hasEnded(ref.uid())) {
      return Owner.ABSENT;
    }
    if (resource == null) {
      return Owner.SOLID; // nobody can tell; looked at again when it is served
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

  private void orphan(String uid) {
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

  @Override
  public void close() {
    tasks.forEach(Task::interrupt);
    queue.close();
    synchronized (watches) {
      watches.values().forEach(ResourceWatch::close);
    }
    events.close();
  }
}
