package dev.tiphys.controllers.common;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What a controller wrote last of each of its objects: an older state, which an informer may still
/// show, does not say what the controller did.
///
/// Threads: any.
public final class OwnWrites {

  private final Map<ObjectKey, Long> revisions = new ConcurrentHashMap<>();

  /// Notes a state that was written, or read.
  public void note(Struct object) {
    revisions.merge(ObjectKey.of(object), Meta.of(object).revision(), Math::max);
  }

  /// Whether an object is older than what was written. The newer state is on its way then, and
  /// queues the object.
  public boolean isOutdated(Struct object) {
    return Meta.of(object).revision() < revisions.getOrDefault(ObjectKey.of(object), 0L);
  }

  /// Forgets an object that is gone or is not written any more.
  public void forget(ObjectKey key) {
    revisions.remove(key);
  }
}
