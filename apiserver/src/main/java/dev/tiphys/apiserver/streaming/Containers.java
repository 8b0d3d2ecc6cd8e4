package dev.tiphys.apiserver.streaming;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which container of a Pod is meant.
final class Containers {

  private Containers() {}

  /// The container of this name; the only one if `name` is empty.
  ///
  /// @throws ApiException if there is none of that name, or several and none is named
  static String choose(Struct pod, String name) {
    List<String> usual = names(pod, "containers");
    List<String> initial = names(pod, "initContainers");
    List<String> added = names(pod, "ephemeralContainers");
    String podName = pod.string("metadata", "name");
    if (name.isEmpty()) {
      if (usual.size() == 1) {
        return usual.getFirst();
      }
      String choice =
          usual.isEmpty()
              ? ""
              : ", choose one of: ["
                  + Stream.of(initial, usual, added)
                      .flatMap(List::stream)
                      .collect(Collectors.joining(" "))
                  + "]";
      throw ApiException.badRequest(
          "a container name must be specified for pod " + podName + choice);
    }
    if (!usual.contains(name) && !initial.contains(name) && !added.contains(name)) {
      throw ApiException.badRequest("container " + name + " is not valid for pod " + podName);
    }
    return name;
  }

  private static List<String> names(Struct pod, String list) {
    List<String> names = new ArrayList<>();
    pod.structs("spec", list).forEach(container -> names.add(container.string("name")));
    return names;
  }
}
