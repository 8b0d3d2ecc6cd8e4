package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Keys of ConfigMaps and Secrets that exist, and have no such key.
public final class Keys {

  private Keys() {}

  public static void missing(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      for (Place variable : container.items("env")) {
        Place from = variable.at("valueFrom");
        key(
            scene,
            from.at("configMapKeyRef"),
            "configmaps",
            from.object().string("configMapKeyRef", "name"));
        key(
            scene,
            from.at("secretKeyRef"),
            "secrets",
            from.object().string("secretKeyRef", "name"));
      }
    }
    for (Place volume : pods.spec().items("volumes")) {
      Place secret = volume.at("secret");
      items(
          scene, volume.at("configMap"), "configmaps", volume.object().string("configMap", "name"));
      items(scene, secret, "secrets", secret.object().string("secretName"));
      for (Place source : volume.items("projected", "sources")) {
        items(
            scene,
            source.at("configMap"),
            "configmaps",
            source.object().string("configMap", "name"));
        items(scene, source.at("secret"), "secrets", source.object().string("secret", "name"));
      }
    }
  }

  private static void items(Scene scene, Place source, String plural, String name) {
    if (!source.object().bool("optional")) {
      source.items("items").forEach(item -> key(scene, item, plural, name));
    }
  }

  private static void key(Scene scene, Place reference, String plural, String name) {
    String key = reference.object().string("key");
    if (key.isEmpty() || reference.object().bool("optional")) {
      return;
    }
    Struct found = scene.find("", plural, name);
    if (found != null && !has(found, key)) {
      scene.advise(
          reference.path("key"),
          "%s \"%s\" has no key \"%s\", so containers can't start; write a key that it has, or optional: true"
              .formatted(plural.equals("secrets") ? "Secret" : "ConfigMap", name, key));
    }
  }

  private static boolean has(Struct object, String key) {
    return isThere(object.struct("data").get(key)) || isThere(object.struct("binaryData").get(key));
  }

  private static boolean isThere(@Nullable Object value) {
    return value != null;
  }
}
