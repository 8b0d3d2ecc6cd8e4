package dev.tiphys.controllers.protection;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Takes the finalizer from objects of one resource that are to be deleted, once nothing uses them;
/// and gives it to those that were made without.
final class ProtectionController implements Component {

  private final Api api;
  private final ApiResource resource;
  private final String finalizer;
  private final Informer objects;
  private final Predicate<Struct> isUsed;
  private final Controller controller;

  /// @param isUsed whether anything uses an object; asked of those that are to be deleted
  ProtectionController(
      String name,
      World world,
      Api api,
      Informer objects,
      String finalizer,
      Predicate<Struct> isUsed) {
    this.api = api;
    this.resource = objects.resource();
    this.finalizer = finalizer;
    this.objects = objects;
    this.isUsed = isUsed;
    this.controller = new Controller(name, world, 1, this::reconcile);
    objects.listen(
        Informer.Listener.ofAll(
            object -> {
              if (Meta.of(object).isBeingDeleted() == isHeld(object)) {
                controller.enqueue(object);
              }
            }));
  }

  /// Something that used an object may not do so any more.
  ///
  /// @param cause the revision that tells
  void released(ObjectKey key, long cause) {
    Struct object = objects.find(key);
    if (object != null && Meta.of(object).isBeingDeleted()) {
      controller.queue().add(key, cause);
    }
  }

  private boolean isHeld(Struct object) {
    return Meta.of(object).finalizers().contains(finalizer);
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = objects.find(key);
    if (object == null) {
      return Outcome.DONE;
    }
    boolean deleted = Meta.of(object).isBeingDeleted();
    List<Object> finalizers = new ArrayList<>(Meta.of(object).finalizers());
    boolean changes =
        deleted
            ? isHeld(object) && !isUsed.test(object) && finalizers.remove(finalizer)
            : !isHeld(object) && finalizers.add(finalizer);
    if (changes) {
      api.update(resource, object.withAt(List.copyOf(finalizers), "metadata", "finalizers"));
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
