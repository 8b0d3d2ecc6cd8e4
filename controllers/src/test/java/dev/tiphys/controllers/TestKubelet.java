package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Controller;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Meta;
import dev.tiphys.client.ObjectKey;
import dev.tiphys.client.Outcome;
import dev.tiphys.client.Reason;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// Plays the scheduler and all kubelets: binds Pods to a node, makes them ready after a second, and
/// ends those that are deleted.
public final class TestKubelet implements AutoCloseable {

  private final World world;
  private final Api api;
  private final Informer pods;
  private final Controller controller;
  private volatile Predicate<Struct> works = _ -> true;
  private volatile Predicate<Struct> ends = _ -> true;
  private int next;

  TestKubelet(World world, Api api) {
    this.world = world;
    this.api = api;
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.controller = new Controller("kubelet", world, 2, this::reconcile);
    pods.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  void start() {
    pods.start();
    controller.start();
  }

  /// Which Pods become ready from now on.
  public void letWork(Predicate<Struct> which) {
    works = which;
    pods.list().forEach(controller::enqueue);
  }

  /// Which Pods end when they are deleted, from now on.
  public void letEnd(Predicate<Struct> which) {
    ends = which;
    pods.list().forEach(controller::enqueue);
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null) {
      return Outcome.DONE;
    }
    try {
      return act(pod);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE;
      }
      throw e;
    }
  }

  private Outcome act(Struct pod) {
    Meta meta = Meta.of(pod);
    if (meta.isBeingDeleted()) {
      if (ends.test(pod)) {
        api.delete(
            ApiResource.PODS,
            meta.namespace(),
            meta.name(),
            DeleteOptions.withGrace(0).ofUid(meta.uid()));
      }
      return Outcome.DONE;
    }
    if (pod.string("spec", "nodeName").isEmpty()) {
      bind(meta);
      return Outcome.DONE;
    }
    if (Meta.condition(pod, "Ready") == null && works.test(pod)) {
      return becomeReady(pod);
    }
    return Outcome.DONE;
  }

  private void bind(Meta meta) {
    String node = "node-" + (next++ % 3);
    Struct target = Struct.of("kind", "Node", "apiVersion", "v1", "name", node);
    Struct metadata = Struct.of("name", meta.name(), "namespace", meta.namespace());
    Struct binding =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Binding")
            .add("metadata", metadata)
            .add("target", target)
            .build();
    api.createBelow(ApiResource.PODS, meta.namespace(), meta.name(), "binding", binding);
  }

  private Outcome becomeReady(Struct pod) {
    if (pod.string("status", "message").isEmpty()) {
      api.update(ApiResource.PODS, pod.withAt("starting", "status", "message"), "status");
      return Outcome.again(Duration.ofSeconds(1));
    }
    Struct ready =
        new StructBuilder()
            .add("type", "Ready")
            .add("status", "True")
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    Struct running =
        pod.withAt("Running", "status", "phase")
            .withAt(List.of(ready), "status", "conditions")
            .withAt("10.1.0.1", "status", "podIP");
    api.update(ApiResource.PODS, running, "status");
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
    pods.close();
  }
}
