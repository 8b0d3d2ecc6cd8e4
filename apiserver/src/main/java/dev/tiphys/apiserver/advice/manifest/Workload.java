package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A workload that exists beside a manifest.
///
/// @param kind such as `Deployment`
/// @param template of its Pods
public record Workload(String kind, Struct object, Template template) {

  /// What is a workload, by resource.
  private static final Map<String, String> KINDS =
      Map.of(
          "deployments.apps", "Deployment",
          "statefulsets.apps", "StatefulSet",
          "daemonsets.apps", "DaemonSet",
          "replicasets.apps", "ReplicaSet",
          "replicationcontrollers", "ReplicationController");

  private static final List<String> IN_ORDER = KINDS.keySet().stream().sorted().toList();

  /// Whether objects of a resource are workloads with a selector.
  public static boolean isOne(String resource) {
    return KINDS.containsKey(resource);
  }

  /// What a resource's objects are called.
  public static String kindOf(String resource) {
    return KINDS.getOrDefault(resource, resource);
  }

  static List<Workload> besides(Scene scene) {
    List<Workload> all = new ArrayList<>();
    for (String resource : IN_ORDER) {
      int dot = resource.indexOf('.');
      String plural = dot < 0 ? resource : resource.substring(0, dot);
      String group = dot < 0 ? "" : resource.substring(dot + 1);
      for (Struct each : scene.list(group, plural)) {
        Template template = Template.of(resource, each);
        boolean itself = scene.is(resource) && each.string("metadata", "name").equals(scene.name());
        if (template != null && !itself && Meta.of(each).controller() == null) {
          all.add(new Workload(KINDS.getOrDefault(resource, ""), each, template));
        }
      }
    }
    return all;
  }

  public String name() {
    return object.string("metadata", "name");
  }

  /// What it is called in advice.
  public String title() {
    return kind + " \"" + name() + "\"";
  }

  /// Which Pods it counts as its own.
  public LabelSelector selector() {
    return selectorOf(kind, object);
  }

  /// Which Pods a workload counts as its own.
  public static LabelSelector selectorOf(String kind, Struct object) {
    return kind.equals("ReplicationController")
        ? LabelSelector.ofLabels(object.struct("spec", "selector"))
        : LabelSelector.from(object.struct("spec", "selector"));
  }
}
