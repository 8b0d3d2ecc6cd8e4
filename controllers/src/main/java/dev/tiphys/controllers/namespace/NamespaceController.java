package dev.tiphys.controllers.namespace;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;

/// Ends namespaces that are deleted: deletes what is in them, waits until it is gone, and takes the
/// finalizer away that holds them.
///
/// Cost of a reconcile: see [NamespaceContent]. A namespace that is not being deleted costs
/// nothing.
public final class NamespaceController implements Component {

  private static final String FINALIZER = "kubernetes";

  /// A namespace's Pods end one by one; it is looked at once for all of them that end meanwhile.
  private static final Duration DEBOUNCE = Duration.ofSeconds(1);

  private final World world;
  private final Api api;
  private final Informer informer;
  private final Controller controller;

  public NamespaceController(World world, Api api, ClusterView cluster, int workers) {
    this.world = world;
    this.api = api;
    this.informer = cluster.of(ApiResource.NAMESPACES);
    this.controller =
        new Controller(
            "namespace-controller",
            world,
            workers,
            RetryPolicy.between(Duration.ofMillis(5), Duration.ofSeconds(60)),
            this::reconcile);
    informer.listen(Informer.Listener.ofAll(this::changed));
    cluster
        .of(ApiResource.PODS)
        .listen(
            new Informer.Listener() {
              @Override
              public void deleted(Struct pod) {
                podEnded(pod);
              }
            });
  }

  private void changed(Struct namespace) {
    if (Meta.of(namespace).isBeingDeleted()) {
      controller.enqueue(namespace);
    }
  }

  private void podEnded(Struct pod) {
    Struct namespace = informer.find("", Meta.of(pod).namespace());
    if (namespace != null && Meta.of(namespace).isBeingDeleted()) {
      controller.queue().addAfter(ObjectKey.of(namespace), DEBOUNCE);
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct namespace = api.find(ApiResource.NAMESPACES, "", key.name());
    if (namespace == null
        || !Meta.of(namespace).isBeingDeleted()
        || namespace.list("spec", "finalizers").isEmpty()) {
      return Outcome.DONE;
    }
    Remainder remainder = NamespaceContent.delete(api, key.name());
    Struct noted = note(namespace, remainder);
    if (remainder.isNothing()) {
      release(noted);
      return Outcome.DONE;
    }
    return remainder.seconds() == 0
        ? Outcome.RETRY
        : Outcome.again(Duration.ofSeconds(remainder.seconds() / 2 + 1));
  }

  private Struct note(Struct namespace, Remainder remainder) {
    Struct noted = new NamespaceConditions(world.now()).applied(namespace, remainder);
    return noted.equals(namespace)
        ? namespace
        : api.update(ApiResource.NAMESPACES, noted, "status");
  }

  private void release(Struct namespace) {
    List<String> kept =
        namespace.strings("spec", "finalizers").stream()
            .filter(finalizer -> !finalizer.equals(FINALIZER))
            .toList();
    api.update(ApiResource.NAMESPACES, namespace.withAt(kept, "spec", "finalizers"), "finalize");
  }

  @Override
  public void close() {
    controller.close();
  }
}
