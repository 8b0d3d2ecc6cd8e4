package dev.tiphys.controllers.reload;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a workload's annotations ask for.
///
/// @param always what it rolls for
/// @param ifMarked what it rolls for if the object says so too
/// @param restarts whether it rolls as `kubectl rollout restart` does it
record Wish(Set<Source> always, Set<Source> ifMarked, boolean restarts) {

  private static final String PREFIX = "reloader.stakater.com/";

  /// Whether there is anything to do.
  boolean isNone() {
    return always.isEmpty() && ifMarked.isEmpty();
  }

  static Wish of(Struct workload) {
    Set<Source> named = Source.namedBy(workload.struct("spec", "template"));
    Set<Source> always = new LinkedHashSet<>();
    Set<Source> ifMarked = new LinkedHashSet<>();
    for (Source.Kind kind : Source.Kind.values()) {
      String group = (kind == Source.Kind.SECRET ? "secret." : "configmap.") + PREFIX;
      if (says(workload, PREFIX + "auto") || says(workload, group + "auto")) {
        named.stream().filter(source -> source.kind() == kind).forEach(always::add);
      }
      for (String name : annotation(workload, group + "reload").split(",")) {
        if (!name.isBlank()) {
          always.add(new Source(kind, name.strip()));
        }
      }
    }
    if (says(workload, PREFIX + "search")) {
      ifMarked.addAll(named);
    }
    return new Wish(
        always, ifMarked, annotation(workload, PREFIX + "rollout-strategy").equals("restart"));
  }

  /// Whether a change of an object counts.
  boolean follows(Source source, Struct object) {
    if (says(object, PREFIX + "ignore")) {
      return false;
    }
    return always.contains(source) || (ifMarked.contains(source) && says(object, PREFIX + "match"));
  }

  private static boolean says(Struct object, String annotation) {
    return annotation(object, annotation).equals("true");
  }

  /// What a workload says, itself or in its template.
  private static String annotation(Struct object, String key) {
    String own = Meta.of(object).annotation(key);
    return own.isEmpty()
        ? object.struct("spec", "template", "metadata", "annotations").string(key)
        : own;
  }
}
