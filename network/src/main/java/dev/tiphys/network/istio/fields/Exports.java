package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /// The namespaces in which an object that does not count everywhere counts.
  public static Set<String> named(Struct object) {
    if (isForAll(object)) {
      return Set.of();
    }
    Set<String> named = new HashSet<>();
    for (String each : object.strings("spec", "exportTo")) {
      if (!each.equals("~")) {
        named.add(each.equals(".") ? Meta.of(object).namespace() : each);
      }
    }
    return named;
  }
}
