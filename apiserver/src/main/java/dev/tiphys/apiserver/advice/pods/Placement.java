package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Where Pods may run.
public final class Placement {

  private static final String OLD_ROLE = "node-role.kubernetes.io/master";
  private static final String ROLE = "node-role.kubernetes.io/control-plane";

  private Placement() {}

  /// Labels that no node has.
  public static void labels(Scene scene, Template pods) {
    Struct wanted = pods.spec().object().struct("nodeSelector");
    for (int i = 0; i < wanted.size(); i++) {
      String key = wanted.name(i);
      String value = wanted.string(key);
      if (scene.noNode(node -> isLabelled(node, key, value))) {
        scene.advise(
            pods.spec().path("nodeSelector"),
            "no node is labelled %s=%s at present%s, so Pods stay Pending; write a label that nodes have"
                .formatted(key, value, others(scene, key)));
      }
    }
    for (Place constraint : pods.spec().items("topologySpreadConstraints")) {
      if (constraint.object().string("whenUnsatisfiable").equals("DoNotSchedule")) {
        topology(scene, constraint);
      }
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      Place affinity = pods.spec().at("affinity", kind);
      for (Place term : affinity.items("requiredDuringSchedulingIgnoredDuringExecution")) {
        topology(scene, term);
      }
    }
  }

  private static void topology(Scene scene, Place place) {
    String key = place.object().string("topologyKey");
    if (scene.noNode(node -> node.struct("metadata", "labels").has(key))) {
      scene.advise(
          place.path("topologyKey"),
          "no node has a label %s at present, so this can't be kept; write a label that nodes have"
              .formatted(key));
    }
  }

  private static boolean isLabelled(Struct node, String key, String value) {
    Struct labels = node.struct("metadata", "labels");
    return labels.has(key) && labels.string(key).equals(value);
  }

  private static String others(Scene scene, String key) {
    Set<String> values = new TreeSet<>();
    for (Struct node : scene.listAll("", "nodes")) {
      if (node.has("metadata", "labels", key)) {
        values.add(node.string("metadata", "labels", key));
      }
    }
    return values.isEmpty() || values.size() > 5
        ? ""
        : " (nodes have " + String.join(", ", values) + ")";
  }

  /// The name that control planes had before 1.24, and it alone.
  public static void oldRole(Scene scene, Template pods) {
    boolean toleratesBoth =
        pods.spec().object().structs("tolerations").stream()
            .anyMatch(each -> each.string("key").equals(ROLE) || each.string("key").isEmpty());
    for (Place toleration : pods.spec().items("tolerations")) {
      if (toleration.object().string("key").equals(OLD_ROLE)
          && !toleratesBoth
          && scene.noNode(node -> isTainted(node, OLD_ROLE))) {
        scene.advise(
            toleration.path("key"),
            "no node has the taint %s at present; control planes are tainted %s: write that"
                .formatted(OLD_ROLE, ROLE));
      }
    }
  }

  private static boolean isTainted(Struct node, String key) {
    return node.structs("spec", "taints").stream()
        .anyMatch(taint -> taint.string("key").equals(key));
  }

  /// Pods that are not among those which they are spread with.
  public static void spread(Scene scene, Template pods) {
    for (Place constraint : pods.spec().items("topologySpreadConstraints")) {
      Struct selector = constraint.object().struct("labelSelector");
      if (constraint.object().has("labelSelector")
          && !LabelSelector.from(selector).matches(pods.labels())) {
        scene.advise(
            constraint.path("labelSelector"),
            "does not select these Pods themselves, so they are not spread; write labels of theirs");
      }
    }
  }
}
