package dev.tiphys.network.ingress;

import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A path of a host, with the Ingress that it is from and the canary that takes a part of its
/// requests.
///
/// @param path `/` for a default backend
/// @param backend as the Ingress names it
record Location(
    String path,
    String pathType,
    Struct ingress,
    Annotations annotations,
    Struct backend,
    @Nullable Location canary) {

  Location with(Location other) {
    return new Location(path, pathType, ingress, annotations, backend, other);
  }

  /// Whether its host's paths are regular expressions because of it.
  boolean isRegex() {
    String target = annotations.text("rewrite-target");
    return annotations.useRegex() || target != null && !target.equals(path);
  }
}
