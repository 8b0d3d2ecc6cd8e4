package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Where volumes are mounted, and whether they are.
public final class Mounts {

  private Mounts() {}

  /// Two mounts at one place, written differently.
  public static void hidden(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      Map<String, Place> places = new HashMap<>();
      for (Place mount : container.items("volumeMounts")) {
        Place hidden = places.put(clean(mount.object().string("mountPath")), mount);
        if (hidden != null) {
          scene.advise(
              mount.path("mountPath"),
              "is the same place as that of volume \"%s\" (%s), and hides it; mount one of them elsewhere"
                  .formatted(hidden.object().string("name"), hidden.path()));
        }
      }
    }
  }

  private static String clean(String path) {
    String once = path.replaceAll("/(\\./)+", "/").replaceAll("/+", "/");
    return once.length() > 1 && once.endsWith("/") ? once.substring(0, once.length() - 1) : once;
  }

  /// Claims that nothing mounts: what is written is lost with the Pod.
  public static void unused(Scene scene, Template pods) {
    Set<String> mounted = new HashSet<>();
    for (Place container : pods.containers()) {
      container.object().structs("volumeMounts").forEach(each -> mounted.add(each.string("name")));
      container.object().structs("volumeDevices").forEach(each -> mounted.add(each.string("name")));
    }
    for (Place claim : scene.manifest().items("spec", "volumeClaimTemplates")) {
      if (scene.is("statefulsets.apps")) {
        unused(scene, claim, claim.object().string("metadata", "name"), mounted);
      }
    }
    for (Place volume : pods.spec().items("volumes")) {
      if (volume.object().has("persistentVolumeClaim")) {
        unused(scene, volume, volume.object().string("name"), mounted);
      }
    }
  }

  private static void unused(Scene scene, Place claim, String name, Set<String> mounted) {
    if (!mounted.contains(name)) {
      scene.advise(
          claim.path(),
          "no container mounts \"%s\", so nothing is kept there; name it in a container's volumeMounts"
              .formatted(name));
    }
  }
}
