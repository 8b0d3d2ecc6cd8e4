package dev.tiphys.network.istio;

import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be served, and what there is to say of the objects.
///
/// @param sites at the edge
/// @param governed between Pods
/// @param served the VirtualServices as they are in it, which may be older than those of the
///   cluster
record Plan(
    String revision,
    List<Edge.Site> sites,
    List<Mesh.Governed> governed,
    Map<ObjectKey, Struct> served,
    List<Report> reports) {

  static final Plan NOTHING = new Plan("", List.of(), List.of(), Map.of(), List.of());

  /// What there is to say of an object.
  ///
  /// @param held the `spec` that it is served by, which is that before its last change; null if it
  ///   is served as it is
  /// @param missing destinations that get requests and have no endpoints
  /// @param problems what else can't be kept
  record Report(Struct object, @Nullable Struct held, List<String> missing, List<String> problems) {

    boolean isHeld() {
      return held != null;
    }

    boolean isWell() {
      return held == null && missing.isEmpty() && problems.isEmpty();
    }
  }

  boolean isEmpty() {
    return sites.isEmpty() && governed.isEmpty();
  }
}
