package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A HorizontalPodAutoscaler, with names and types.
///
/// @param object the whole object
record Autoscaler(Struct object) {

  ObjectKey key() {
    return ObjectKey.of(object);
  }

  String namespace() {
    return Meta.of(object).namespace();
  }

  /// The reference to what is scaled.
  Struct target() {
    return object.struct("spec", "scaleTargetRef");
  }

  long minReplicas() {
    return object.has("spec", "minReplicas") ? object.integer("spec", "minReplicas") : 1;
  }

  long maxReplicas() {
    return object.integer("spec", "maxReplicas");
  }

  List<Struct> metrics() {
    return object.structs("spec", "metrics");
  }

  /// How it may change the size; null if it does not say.
  @Nullable Behavior behavior() {
    return object.has("spec", "behavior") ? Behavior.of(object.struct("spec", "behavior")) : null;
  }

  Tolerance tolerance() {
    return Tolerance.of(object.struct("spec", "behavior"));
  }
}
