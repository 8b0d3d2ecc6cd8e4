package dev.tiphys.apiserver.watch;

import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.schema.Resource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many watches would be told of a write.
///
/// Those of the Pods of one node are not counted: there are many of them, and each Pod is told to
/// one.
///
/// Threads: any.
final class WatchCount {

  private static final String NODE = "spec.nodeName";

  private final Map<Watched, Integer> counts = new ConcurrentHashMap<>();

  /// What a watch looks at.
  ///
  /// @param namespace empty for all
  /// @param name empty for all objects
  private record Watched(String group, String plural, String namespace, String name) {}

  /// Counts a watch. Returns what counts it no more.
  Runnable add(Resource resource, WatchQuery query) {
    if (resource.plural().equals("pods") && !equal(query.fields(), NODE).isEmpty()) {
      return () -> {};
    }
    Watched watched =
        new Watched(
            resource.group(),
            resource.plural(),
            query.namespace(),
            equal(query.fields(), "metadata.name"));
    counts.merge(watched, 1, Integer::sum);
    return () -> counts.computeIfPresent(watched, (_, count) -> count == 1 ? null : count - 1);
  }

  private static String equal(FieldSelector fields, String field) {
    return fields.terms().stream()
        .filter(term -> term.equal() && term.field().equals(field))
        .findFirst()
        .map(FieldSelector.Term::value)
        .orElse("");
  }

  /// How many watches would be told of a change of an object.
  ///
  /// @param namespace empty if the object is in none
  /// @param name empty if it is not known yet
  int of(String group, String plural, String namespace, String name) {
    int count = count(group, plural, "", "");
    count += namespace.isEmpty() ? 0 : count(group, plural, namespace, "");
    count += name.isEmpty() ? 0 : count(group, plural, namespace, name);
    return count;
  }

  private int count(String group, String plural, String namespace, String name) {
    return counts.getOrDefault(new Watched(group, plural, namespace, name), 0);
  }
}
