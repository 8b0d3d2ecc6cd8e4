package dev.tiphys.secrets.model;

import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Has a controller look at objects that are new or were changed.
///
/// @param news whether a change, of which it is given both sides, is worth a look
/// @param gone is told of those that are there no more
public record Lookout(
    Controller controller, BiPredicate<Struct, Struct> news, Consumer<ObjectKey> gone)
    implements Informer.Listener {

  /// What others than controllers change: the metadata with the generation of the spec, and not the
  /// status.
  public static Struct identity(Struct object) {
    return object.struct("metadata").without("resourceVersion").without("managedFields");
  }

  @Override
  public void added(Struct object) {
    controller.enqueue(object);
  }

  @Override
  public void updated(Struct before, Struct now) {
    if (news.test(before, now)) {
      controller.enqueue(now);
    }
  }

  @Override
  public void deleted(Struct last) {
    gone.accept(ObjectKey.of(last));
  }
}
