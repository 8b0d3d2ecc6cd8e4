package dev.tiphys.monitoring.explanation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What comes near to a selector that nothing matches.
///
/// @param selector as an object has it
/// @param selected in which namespaces it selects; empty for all
record Nearest(Struct selector, Set<String> selected) {

  /// A candidate and what is to be said of it. The smaller the distance, the nearer it is.
  private record Candidate(int distance, String text) {}

  /// The nearest of some objects; empty if none comes near.
  Optional<String> among(List<Struct> objects) {
    return objects.stream()
        .flatMap(each -> candidate(each).stream())
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::text))
        .map(Candidate::text);
  }

  private Optional<Candidate> candidate(Struct object) {
    Meta meta = Meta.of(object);
    boolean inside = selected.isEmpty() || selected.contains(meta.namespace());
    if (!inside && LabelSelector.from(selector).matches(meta.labels())) {
      return Optional.of(
          new Candidate(
              0,
              "%s is in namespace %s, which namespaceSelector does not select"
                  .formatted(meta.name(), meta.namespace())));
    }
    Struct wanted = selector.struct("matchLabels");
    int distance = 0;
    String differing = "";
    for (String key : wanted.names()) {
      Optional<Similar> similar = similar(key, wanted.string(key), meta.labels());
      if (similar.isEmpty()) {
        return Optional.empty();
      }
      distance += similar.get().distance();
      if (similar.get().distance() > 0) {
        differing = similar.get().text();
      }
    }
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Candidate(
                1 + distance + (inside ? 0 : 1),
                "%s in namespace %s".formatted(differing, meta.namespace())));
  }

  private record Similar(int distance, String text) {}

  /// The label that comes nearest to one that is wanted: the same name and a similar value, or the
  /// same value under another name.
  private static Optional<Similar> similar(String key, String value, Struct labels) {
    if (labels.get(key) instanceof String present) {
      int distance = EditDistance.between(value, present);
      boolean near =
          distance <= Math.max(1, Math.max(value.length(), present.length()) / 2)
              || present.contains(value)
              || value.contains(present);
      return near ? Optional.of(new Similar(distance, key + "=" + present)) : Optional.empty();
    }
    return labels.names().stream()
        .filter(name -> labels.string(name).equals(value))
        .map(name -> new Similar(EditDistance.between(key, name), name + "=" + value))
        .min(Comparator.comparingInt(Similar::distance).thenComparing(Similar::text));
  }
}
