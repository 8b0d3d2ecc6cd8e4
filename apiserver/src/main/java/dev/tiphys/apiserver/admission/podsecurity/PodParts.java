package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// A Pod, or the template of one, as checks look at it.
///
/// @param metadata of the Pod
/// @param spec of the Pod
record PodParts(Struct metadata, Struct spec) {

  private static final String CONTEXT = "securityContext";

  static PodParts of(Struct pod) {
    return new PodParts(pod.struct("metadata"), pod.struct("spec"));
  }

  Struct context() {
    return spec.struct(CONTEXT);
  }

  static Struct context(Struct container) {
    return container.struct(CONTEXT);
  }

  /// All containers, in the order in which messages name them.
  List<Struct> containers() {
    List<Struct> all = new ArrayList<>(spec.structs("initContainers"));
    all.addAll(spec.structs("containers"));
    all.addAll(spec.structs("ephemeralContainers"));
    return all;
  }

  /// The names of the containers of which something holds.
  List<String> containersThat(Predicate<Struct> condition) {
    return containers().stream()
        .filter(condition)
        .map(container -> container.string("name"))
        .toList();
  }

  boolean isForWindows() {
    return spec.string("os", "name").equals("windows");
  }

  /// Whether its users are not those of the node.
  boolean hasUsersOfItsOwn() {
    return Boolean.FALSE.equals(spec.get("hostUsers"));
  }

  /// `container "a"`, `containers "a", "b"`.
  static String named(List<String> containers) {
    return plural("container", containers) + " " + quoted(containers);
  }

  /// What set something, as messages name it: the Pod itself, some of its containers.
  static String setters(boolean pod, List<String> containers) {
    List<String> setters = new ArrayList<>();
    if (pod) {
      setters.add("pod");
    }
    if (!containers.isEmpty()) {
      setters.add(named(containers));
    }
    return String.join(" and ", setters);
  }

  static String plural(String noun, Collection<?> of) {
    return of.size() == 1 ? noun : noun + "s";
  }

  /// `uses` for one, `use` for several.
  static String use(Collection<?> of) {
    return of.size() == 1 ? "uses" : "use";
  }

  static String quoted(Collection<String> items) {
    return items.isEmpty() ? "" : "\"" + String.join("\", \"", items) + "\"";
  }
}
