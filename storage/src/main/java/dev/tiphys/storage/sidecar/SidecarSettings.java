package dev.tiphys.storage.sidecar;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// Which driver helpers work for, and where.
///
/// @param driver its name
/// @param topology the segment of topologies that names a node
/// @param node the one whose volumes are theirs
public record SidecarSettings(String driver, String topology, String node) {

  /// As which component helpers tell of events.
  public String component() {
    return driver + "_" + node;
  }

  /// Whether a PersistentVolume is of the driver and on the node.
  public boolean isOurs(Struct volume) {
    return volume.string("spec", "csi", "driver").equals(driver) && nodeOf(volume).equals(node);
  }

  /// The node that a PersistentVolume of the driver is on; empty if it does not say so.
  public String nodeOf(Struct volume) {
    for (Struct term : volume.structs("spec", "nodeAffinity", "required", "nodeSelectorTerms")) {
      for (Struct expression : term.structs("matchExpressions")) {
        if (expression.string("key").equals(topology) && !expression.strings("values").isEmpty()) {
          return expression.strings("values").getFirst();
        }
      }
    }
    return "";
  }

  /// An object without a finalizer.
  public static Struct withoutFinalizer(Struct object, String finalizer) {
    return object.withAt(
        Meta.of(object).finalizers().stream().filter(each -> !each.equals(finalizer)).toList(),
        "metadata",
        "finalizers");
  }

  /// An object with a finalizer added.
  public static Struct withFinalizer(Struct object, String finalizer) {
    java.util.List<String> all = new java.util.ArrayList<>(Meta.of(object).finalizers());
    if (!all.contains(finalizer)) {
      all.add(finalizer);
    }
    return object.withAt(java.util.List.copyOf(all), "metadata", "finalizers");
  }
}
