package dev.tiphys.controllers.namespace;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Keeps an object of one name in every namespace that is in use.
///
/// Watches only objects of that name, so other ones cost nothing.
public final class PerNamespace implements Component {

  private final World world;
  private final Api api;
  private final String component;
  private final ApiResource resource;
  private final String name;
  private final UnaryOperator<Struct> filled;
  private final Observer observer;
  private final Informer namespaces;
  private final Informer objects;
  private final Controller controller;
  private @Nullable SupervisedTask starter;

  /// Is told of each look at a namespace.
  interface Observer {

    Observer NONE = (_, _) -> {};

    /// @param code the HTTP status that came of it
    void looked(int code, long nanoseconds);
  }

  /// @param api what objects are written with
  /// @param shared what they are read with
  /// @param filled what the object is to be, given what it is
  PerNamespace(
      World world,
      Api api,
      Api shared,
      ClusterView cluster,
      String component,
      ApiResource resource,
      String name,
      UnaryOperator<Struct> filled,
      Observer observer) {
    this.observer = observer;
    this.world = world;
    this.api = api;
    this.component = component;
    this.resource = resource;
    this.name = name;
    this.filled = filled;
    this.namespaces = cluster.of(ApiResource.NAMESPACES);
    this.objects =
        new Informer(world, shared, resource, "", ListOptions.withFields("metadata.name=" + name));
    this.controller = new Controller(component, world, 1, this::reconcile);
    namespaces.listen(Informer.Listener.ofAll(controller::enqueue));
    objects.listen(Informer.Listener.ofAll(this::changed));
  }

  private void changed(Struct object) {
    Meta meta = Meta.of(object);
    controller.queue().add(new ObjectKey("", meta.namespace()), meta.revision());
  }

  @Override
  public void start() {
    objects.start();
    starter = world.supervisor().start(component, this::startSynced);
  }

  private void startSynced() throws InterruptedException {
    objects.awaitSynced();
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    long begin = world.nanoTime();
    int code = Reason.INTERNAL_ERROR.code();
    try {
      Outcome outcome = look(key);
      code = 200;
      return outcome;
    } catch (ApiException e) {
      code = e.code();
      throw e;
    } finally {
      observer.looked(code, world.nanoTime() - begin);
    }
  }

  private Outcome look(ObjectKey key) {
    Struct namespace = namespaces.find(key);
    if (namespace == null || !namespace.string("status", "phase").equals("Active")) {
      return Outcome.DONE;
    }
    Struct present = objects.find(key.name(), name);
    try {
      if (present == null) {
        api.create(resource, filled.apply(bare(key.name())));
      } else if (!filled.apply(present).equals(present)) {
        api.update(resource, filled.apply(present));
      }
    } catch (ApiException e) {
      // Gone meanwhile, about to go, or made by another client and on its way here.
      if (!e.is(Reason.ALREADY_EXISTS, Reason.NOT_FOUND) && !PodWriter.isNamespaceEnding(e)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  private Struct bare(String namespace) {
    return Struct.of(
        "apiVersion",
        resource.apiVersion(),
        "kind",
        resource.kind(),
        "metadata",
        Struct.of("name", name, "namespace", namespace));
  }

  @Override
  public void close() {
    SupervisedTask starting = starter;
    if (starting != null) {
      starting.close();
    }
    controller.close();
    objects.close();
  }
}
