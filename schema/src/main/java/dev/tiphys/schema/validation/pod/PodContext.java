package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What the rules for one part of a Pod must know of the others.
///
/// @param isPod whether it is a Pod, not a template of one
/// @param spec the specification of the Pod
/// @param volumes the sound ones among its volumes, by name
/// @param claims the names of the claims for devices
public record PodContext(
    boolean isPod, Struct spec, Map<String, Struct> volumes, Set<String> claims) {

  PodContext(boolean isPod, Struct spec) {
    this(isPod, spec, new HashMap<>(), new TreeSet<>());
    for (Struct claim : spec.structs("resourceClaims")) {
      if (!claim.string("name").isEmpty()) {
        claims.add(claim.string("name"));
      }
    }
  }

  /// Whether users in the containers are those of the node.
  boolean hostUsers() {
    return !spec.has("hostUsers") || spec.bool("hostUsers");
  }

  boolean isWindows() {
    return spec.string("os", "name").equals("windows");
  }
}
