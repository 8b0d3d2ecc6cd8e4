package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// Reads `exportTo`: in which namespaces an object counts.
public final class Exports {

  private Exports() {}

  /// Whether an object counts everywhere, as one does that says nothing.
  public static boolean isForAll(Struct object) {
    List<String> to = object.strings("spec", "exportTo");
    return to.isEmpty() || to.contains("*");
  }

  /// Whether an object counts for what is in a namespace; empty for what is in none.
  public static boolean isVisible(Struct object, String namespace) {
    if (isForAll(object)) {
      return true;
    }
    List<String> to = object.strings("spec", "exportTo");
    return to.contains(namespace)
        || to.contains(".") && Meta.of(object).namespace().equals(namespace);
  }
}
