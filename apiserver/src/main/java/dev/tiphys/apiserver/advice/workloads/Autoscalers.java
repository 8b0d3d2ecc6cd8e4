package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Autoscalers that can't measure what they go by, and those that others interfere with.
public final class Autoscalers {

  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /// Where kinds that can be scaled are.
  private static final Map<String, String> GROUPS =
      Map.of(
          "Deployment", "apps",
          "StatefulSet", "apps",
          "ReplicaSet", "apps",
          "ReplicationController", "");

  private Autoscalers() {}

  /// Whether an autoscaler is for a workload.
  static boolean targets(Struct autoscaler, String kind, String name) {
    Struct target = autoscaler.struct("spec", "scaleTargetRef");
    return target.string("kind").equals(kind) && target.string("name").equals(name);
  }

  /// A group that has no such kind.
  public static void target(Scene scene) {
    Place target = scene.manifest().at("spec", "scaleTargetRef");
    String kind = target.object().string("kind");
    String version = target.object().string("apiVersion");
    String group = GROUPS.get(kind);
    if (group != null && !version.isEmpty() && !groupOf(version).equals(group)) {
      scene.advise(
          target.path("apiVersion"),
          "%s has no %s, so nothing is scaled; write %s"
              .formatted(version, kind, group.isEmpty() ? "v1" : group + "/v1"));
    }
    for (Struct other : scene.list("autoscaling", "horizontalpodautoscalers")) {
      String name = other.string("metadata", "name");
      if (!name.equals(scene.name()) && targets(other, kind, target.object().string("name"))) {
        scene.advise(
            target.path("name"),
            "HorizontalPodAutoscaler \"%s\" scales %s \"%s\" too, so neither does; leave one"
                .formatted(name, kind, target.object().string("name")));
      }
    }
  }

  private static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /// An autoscaler that goes by a share of requests which its target does not make.
  public static void requests(Scene scene) {
    for (Workload workload : scene.workloads()) {
      if (targets(scene.object(), workload.kind(), workload.name())) {
        for (Place metric : scene.manifest().items("spec", "metrics")) {
          String fault = fault(metric.object(), workload.template());
          if (!fault.isEmpty() && !hasDefaults(scene)) {
            scene.advise(
                metric.path(),
                fault.formatted(workload.title()) + "; write resources.requests there");
          }
        }
      }
    }
  }

  /// A workload without requests that an autoscaler goes by a share of.
  public static void ofWorkload(Scene scene, Template pods) {
    for (Struct autoscaler : scalers(scene)) {
      for (Struct metric : autoscaler.structs("spec", "metrics")) {
        String fault = fault(metric, pods);
        if (!fault.isEmpty() && !hasDefaults(scene)) {
          scene.advise(
              pods.spec().path("containers"),
              "HorizontalPodAutoscaler \"%s\" can't scale: %s; write resources.requests"
                  .formatted(
                      autoscaler.string("metadata", "name"), fault.formatted("this workload")));
        }
      }
    }
  }

  /// Why a metric can't be had of some Pods; empty if it can.
  private static String fault(Struct metric, Template pods) {
    String type = metric.string("type");
    boolean ofContainer = type.equals("ContainerResource");
    Struct source = metric.struct(ofContainer ? "containerResource" : "resource");
    boolean isShare = source.struct("target").has("averageUtilization");
    if ((!ofContainer && !type.equals("Resource")) || pods.spec().object().has("resources")) {
      return "";
    }
    String resource = source.string("name");
    String only = source.string("container");
    List<String> without = new ArrayList<>();
    boolean found = false;
    for (Struct container : pods.spec().object().structs("containers")) {
      String name = container.string("name");
      if (ofContainer && !name.equals(only)) {
        continue;
      }
      found = true;
      if (isShare && !isRequested(container, resource)) {
        without.add(name);
      }
    }
    if (ofContainer && !found && !isSidecar(pods, only)) {
      return "%s has no container \"" + only + "\"";
    }
    return without.isEmpty()
        ? ""
        : "a share of the requested "
            + resource
            + " is wanted, but in %s "
            + String.join(", ", without)
            + (without.size() == 1 ? " requests none" : " request none");
  }

  /// Pods request what they are limited to, unless they say otherwise.
  private static boolean isRequested(Struct container, String resource) {
    return container.has("resources", "requests", resource)
        || container.has("resources", "limits", resource);
  }

  private static boolean isSidecar(Template pods, String name) {
    return pods.spec().object().structs("initContainers").stream()
        .anyMatch(each -> each.string("name").equals(name));
  }

  /// Whether Pods of the namespace may be given requests that their template has not.
  private static boolean hasDefaults(Scene scene) {
    return !scene.list("", "limitranges").isEmpty();
  }

  /// A workload whose manifest says how many replicas there are, though an autoscaler does.
  public static void fixedReplicas(Scene scene, Template pods) {
    Set<String> kinds = GROUPS.keySet();
    Struct old = scene.old();
    if (!kinds.contains(Workload.kindOf(scene.resource())) || old == null) {
      return;
    }
    long now = old.integer("spec", "replicas");
    long wanted = scene.object().integer("spec", "replicas");
    for (Struct autoscaler : scalers(scene)) {
      if (now != wanted && wanted != 0 && now != 0) {
        scene.advise(
            "spec.replicas",
            "HorizontalPodAutoscaler \"%s\" decides on this, and %d becomes %d until it does so anew; leave replicas out"
                .formatted(autoscaler.string("metadata", "name"), now, wanted));
      }
    }
  }

  /// An autoscaler for a workload whose manifest goes on to say how many replicas there are.
  public static void ofFixed(Scene scene) {
    for (Workload workload : scene.workloads()) {
      if (targets(scene.object(), workload.kind(), workload.name()) && saysReplicas(workload)) {
        scene.advise(
            "spec.scaleTargetRef",
            "the manifest that %s was applied from says how many replicas there are, so each time it is applied this is undone; leave spec.replicas out there"
                .formatted(workload.title()));
      }
    }
  }

  private static boolean saysReplicas(Workload workload) {
    Struct applied = applied(workload.object().string("metadata", "annotations", APPLIED));
    return applied != null && applied.has("spec", "replicas");
  }

  private static @Nullable Struct applied(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Json.struct(text);
    } catch (EncodingException e) {
      return null; // what a user wrote there is not ours to judge
    }
  }

  private static List<Struct> scalers(Scene scene) {
    String kind = Workload.kindOf(scene.resource());
    return scene.list("autoscaling", "horizontalpodautoscalers").stream()
        .filter(each -> targets(each, kind, scene.name()))
        .toList();
  }
}
