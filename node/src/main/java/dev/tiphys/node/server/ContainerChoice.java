package dev.tiphys.node.server;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which run of a container a request is about, as far as the Pod's status tells.
///
/// @param pod the Pod
/// @param container the name of one of its containers
record ContainerChoice(Struct pod, String container) {

  private static final List<String> STATUSES =
      List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses");

  /// The id of the run that goes on; for commands.
  String running() throws Refusal {
    Struct status = status();
    if (status == null || !status.has("state", "running")) {
      throw Refusal.notFound("container not found (\"" + container + "\")");
    }
    return bare(status.string("containerID"));
  }

  /// The id of the run whose log is meant: the present one, or the one before it.
  String logged(boolean previous) throws Refusal {
    Struct status = status();
    String name = pod.string("metadata", "name");
    if (status == null) {
      throw waiting(name, "ContainerCreating");
    }
    String last = bare(status.string("lastState", "terminated", "containerID"));
    if (previous) {
      if (last.isEmpty()) {
        throw Refusal.badRequest(
            "previous terminated container \"%s\" in pod \"%s\" not found"
                .formatted(container, name));
      }
      return last;
    }
    if (status.has("state", "running")) {
      return bare(status.string("containerID"));
    }
    String ended = bare(status.string("state", "terminated", "containerID"));
    if (!ended.isEmpty()) {
      return ended;
    }
    if (!last.isEmpty()) {
      return last;
    }
    String reason = status.string("state", "waiting", "reason");
    throw switch (reason) {
      case "ErrImagePull" -> waiting(name, "image can't be pulled");
      case "ImagePullBackOff" -> waiting(name, "trying and failing to pull image");
      default -> waiting(name, reason.isEmpty() ? "ContainerCreating" : reason);
    };
  }

  private Refusal waiting(String name, String reason) {
    return Refusal.badRequest(
        "container \"%s\" in pod \"%s\" is waiting to start: %s"
            .formatted(container, name, reason));
  }

  /// An id without the name of the runtime in front.
  private static String bare(String id) {
    int scheme = id.indexOf("://");
    return scheme < 0 ? id : id.substring(scheme + 3);
  }

  private @Nullable Struct status() {
    List<Struct> all = new ArrayList<>();
    STATUSES.forEach(list -> all.addAll(pod.structs("status", list)));
    return all.stream()
        .filter(status -> status.string("name").equals(container))
        .findFirst()
        .orElse(null);
  }
}
