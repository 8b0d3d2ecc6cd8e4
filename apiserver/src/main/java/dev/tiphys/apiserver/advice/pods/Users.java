package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;

/// As which user containers run.
public final class Users {

  private Users() {}

  /// Containers that must not run as root, and are to.
  public static void root(Scene scene, Template pods) {
    Struct pod = pods.spec().object().struct("securityContext");
    for (Place container : pods.containers()) {
      Struct own = container.object().struct("securityContext");
      boolean forbidden = (own.has("runAsNonRoot") ? own : pod).bool("runAsNonRoot");
      Struct user = own.has("runAsUser") ? own : pod;
      if (forbidden && user.has("runAsUser") && user.integer("runAsUser") == 0) {
        scene.advise(
            container.path("securityContext"),
            "runAsUser: 0 is root, which runAsNonRoot: true forbids, so the container never starts; write another user, or runAsNonRoot: false");
      }
    }
  }
}
