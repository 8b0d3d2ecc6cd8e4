package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;

/// The Pods of a StatefulSet have names of their own only by a headless Service that selects them.
public final class StableNames {

  private static final String FIELD = "spec.serviceName";

  private StableNames() {}

  /// The Service that a StatefulSet names, as far as it exists.
  public static void ofSet(Scene scene, Template pods) {
    String name = scene.object().string("spec", "serviceName");
    Struct service = scene.find("", "services", name);
    if (service != null) {
      String fault = fault(service, pods.labels());
      if (!fault.isEmpty()) {
        scene.advise(FIELD, "Service \"" + name + "\" " + fault);
      }
      return;
    }
    if (name.isEmpty()) {
      return;
    }
    for (Struct other : scene.list("", "services")) {
      if (fault(other, pods.labels()).isEmpty()) {
        scene.advise(
            FIELD,
            "there is no Service \"%s\"; the headless Service that selects these Pods is very likely meant: write %s"
                .formatted(name, other.string("metadata", "name")));
        return;
      }
    }
  }

  /// A Service that StatefulSets name.
  public static void ofService(Scene scene) {
    for (Workload set : scene.workloads()) {
      if (set.kind().equals("StatefulSet")
          && set.object().string("spec", "serviceName").equals(scene.name())) {
        String fault = fault(scene.object(), set.template().labels());
        if (!fault.isEmpty()) {
          scene.advise("spec", set.title() + " is governed by this Service, which " + fault);
        }
      }
    }
  }

  /// Why a Service gives Pods no names; empty if it does.
  private static String fault(Struct service, Struct labels) {
    Struct selector = service.struct("spec", "selector");
    if (!service.string("spec", "clusterIP").equals("None")) {
      return "is not headless, so the Pods have no names of their own; write clusterIP: None in a Service";
    }
    if (!selector.isEmpty() && !LabelSelector.ofLabels(selector).matches(labels)) {
      return "does not select the Pods, so they have no names of their own; write labels of theirs in its selector";
    }
    return "";
  }
}
