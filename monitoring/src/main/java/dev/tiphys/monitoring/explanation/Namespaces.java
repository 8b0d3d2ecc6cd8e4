package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The namespaces that monitors select from; none stands for all.
final class Namespaces {

  private Namespaces() {}

  static Set<String> of(Monitor monitor) {
    Struct selector = monitor.spec().struct("namespaceSelector");
    if (selector.bool("any")) {
      return Set.of();
    }
    List<String> names = selector.strings("matchNames");
    return names.isEmpty() ? Set.of(monitor.namespace()) : new TreeSet<>(names);
  }

  static boolean contain(Set<String> namespaces, Struct object) {
    return namespaces.isEmpty() || namespaces.contains(Meta.of(object).namespace());
  }

  static String said(Set<String> namespaces) {
    return switch (namespaces.size()) {
      case 0 -> "any namespace";
      case 1 -> "namespace " + namespaces.iterator().next();
      default -> "namespaces " + Texts.some(List.copyOf(new TreeSet<>(namespaces)));
    };
  }

  /// Those of them that are not there.
  static Optional<String> missing(Set<String> namespaces, Objects objects) {
    List<String> missing =
        namespaces.stream()
            .filter(
                each ->
                    objects.around(ApiResource.NAMESPACES).find(new ObjectKey("", each)) == null)
            .toList();
    return missing.isEmpty() ? Optional.empty() : Optional.of(Texts.some(missing));
  }
}
