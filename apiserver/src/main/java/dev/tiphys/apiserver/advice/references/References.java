package dev.tiphys.apiserver.advice.references;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;

/// Objects that are named, and do not exist.
///
/// Files are applied one object after another, so what a new object names may come a moment later:
/// the absence counts only once the object that names it has existed for a minute.
public final class References {

  private References() {}

  /// What Pods need.
  public static void ofPods(Scene scene, Template pods) {
    if (!scene.isSettled()) {
      return;
    }
    Place spec = pods.spec();
    for (Place container : pods.containers()) {
      for (Place variable : container.items("env")) {
        Place from = variable.at("valueFrom");
        named(scene, from.at("configMapKeyRef"), "name", "configmaps", "ConfigMap");
        named(scene, from.at("secretKeyRef"), "name", "secrets", "Secret");
      }
      for (Place from : container.items("envFrom")) {
        named(scene, from.at("configMapRef"), "name", "configmaps", "ConfigMap");
        named(scene, from.at("secretRef"), "name", "secrets", "Secret");
      }
    }
    for (Place volume : spec.items("volumes")) {
      named(scene, volume.at("configMap"), "name", "configmaps", "ConfigMap");
      named(scene, volume.at("secret"), "secretName", "secrets", "Secret");
      named(
          scene,
          volume.at("persistentVolumeClaim"),
          "claimName",
          "persistentvolumeclaims",
          "PersistentVolumeClaim");
      for (Place source : volume.items("projected", "sources")) {
        named(scene, source.at("configMap"), "name", "configmaps", "ConfigMap");
        named(scene, source.at("secret"), "name", "secrets", "Secret");
      }
    }
    named(scene, spec, "serviceAccountName", "serviceaccounts", "ServiceAccount");
    ofCluster(
        scene, spec, "priorityClassName", "scheduling.k8s.io", "priorityclasses", "PriorityClass");
    ofCluster(scene, spec, "runtimeClassName", "node.k8s.io", "runtimeclasses", "RuntimeClass");
    named(scene, scene.manifest().at("spec"), "serviceName", "services", "Service");
  }

  /// What an Ingress leads to.
  public static void ofIngress(Scene scene) {
    if (!scene.isSettled()) {
      return;
    }
    Place spec = scene.manifest().at("spec");
    named(scene, spec.at("defaultBackend", "service"), "name", "services", "Service");
    for (Place rule : spec.items("rules")) {
      for (Place path : rule.items("http", "paths")) {
        named(scene, path.at("backend", "service"), "name", "services", "Service");
      }
    }
    ofCluster(
        scene, spec, "ingressClassName", "networking.k8s.io", "ingressclasses", "IngressClass");
  }

  /// What an autoscaler scales.
  public static void ofAutoscaler(Scene scene) {
    Place target = scene.manifest().at("spec", "scaleTargetRef");
    String kind = target.object().string("kind");
    String plural =
        switch (kind) {
          case "Deployment" -> "deployments";
          case "StatefulSet" -> "statefulsets";
          case "ReplicaSet" -> "replicasets";
          default -> "";
        };
    if (scene.isSettled() && !plural.isEmpty()) {
      String name = target.object().string("name");
      if (scene.find("apps", plural, name) == null) {
        absent(scene, target, "name", kind);
      }
    }
  }

  private static void named(Scene scene, Place place, String field, String plural, String kind) {
    Struct object = place.object();
    String name = object.string(field);
    boolean isMissing = !name.isEmpty() && scene.find("", plural, name) == null;
    if (isMissing && !object.bool("optional")) {
      absent(scene, place, field, kind);
    }
  }

  private static void ofCluster(
      Scene scene, Place place, String field, String group, String plural, String kind) {
    String name = place.object().string(field);
    if (!name.isEmpty() && scene.present().find(group, plural, "", name) == null) {
      absent(scene, place, field, kind);
    }
  }

  private static void absent(Scene scene, Place place, String field, String kind) {
    scene.advise(
        place.path(field),
        "there is no %s \"%s\"; make it, or write the name of one that exists"
            .formatted(kind, place.object().string(field)));
  }
}
