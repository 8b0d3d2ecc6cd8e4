package dev.tiphys.apiserver.advice.network;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Services that lead nowhere.
public final class Services {

  private Services() {}

  /// Selectors that select nothing: told at once where a workload has the same values under other
  /// keys, and otherwise when an old Service is turned to what does not exist.
  public static void selector(Scene scene) {
    Struct selector = scene.object().struct("spec", "selector");
    if (selector.isEmpty() || selectsAny(scene, selector)) {
      return;
    }
    for (Workload workload : scene.workloads()) {
      if (isNear(selector, workload.template().labels())) {
        scene.advise(
            "spec.selector",
            "selects no Pods; those of %s have the same values under other keys: write %s"
                .formatted(workload.title(), texts(workload.template().labels(), selector)));
        return;
      }
    }
    Struct old = scene.old();
    boolean turned = old != null && !Objects.equals(old.get("spec", "selector"), (Object) selector);
    if (turned && scene.isSettled()) {
      scene.advise(
          "spec.selector",
          "selects no Pod and no workload of this namespace at present, so nothing answers; write labels that Pods have");
    }
  }

  private static boolean selectsAny(Scene scene, Struct selector) {
    LabelSelector wanted = LabelSelector.ofLabels(selector);
    return scene.workloads().stream().anyMatch(each -> wanted.matches(each.template().labels()))
        || scene.list("", "pods").stream()
            .anyMatch(pod -> wanted.matches(pod.struct("metadata", "labels")));
  }

  /// Whether all values are there, but not all under the keys that are asked for.
  private static boolean isNear(Struct selector, Struct labels) {
    Set<String> values = new HashSet<>();
    labels.forEach((key, value) -> values.add(String.valueOf(value)));
    return selector.names().stream().allMatch(key -> values.contains(selector.string(key)));
  }

  private static String texts(Struct labels, Struct selector) {
    Set<String> wanted = new HashSet<>();
    selector.forEach((key, value) -> wanted.add(String.valueOf(value)));
    Set<String> texts = new TreeSet<>();
    labels.forEach(
        (key, value) -> {
          if (wanted.contains(String.valueOf(value))) {
            texts.add(key + ": " + value);
          }
        });
    return String.join(", ", texts);
  }

  /// Ports that the selected Pods do not have.
  public static void ports(Scene scene) {
    Struct selector = scene.object().struct("spec", "selector");
    if (selector.isEmpty()) {
      return;
    }
    LabelSelector wanted = LabelSelector.ofLabels(selector);
    List<Workload> selected =
        scene.workloads().stream()
            .filter(each -> wanted.matches(each.template().labels()))
            .toList();
    if (selected.isEmpty()) {
      return;
    }
    for (Place port : scene.manifest().items("spec", "ports")) {
      if (selected.stream()
          .allMatch(each -> lacks(scene.object(), port.object(), each.template()))) {
        scene.advise(
            port.path("targetPort"),
            fault(
                port.object().get("targetPort"),
                selected.getFirst().title(),
                selected.getFirst().template()));
      }
    }
  }

  /// The Services that select a workload, and ask for ports that it does not have.
  public static void ofWorkload(Scene scene, Template pods) {
    for (Struct service : scene.list("", "services")) {
      Struct selector = service.struct("spec", "selector");
      LabelSelector wanted = LabelSelector.ofLabels(selector);
      if (selector.isEmpty()
          || !wanted.matches(pods.labels())
          || scene.workloads().stream()
              .anyMatch(each -> wanted.matches(each.template().labels()))) {
        continue; // other Pods may have what this one has not
      }
      for (Struct port : service.structs("spec", "ports")) {
        if (lacks(service, port, pods)) {
          scene.advise(
              pods.spec().path("containers"),
              "Service \"%s\" selects these Pods, but targetPort %s"
                  .formatted(
                      service.string("metadata", "name"),
                      fault(port.get("targetPort"), "this workload", pods)));
        }
      }
    }
  }

  private static String fault(
      @org.jspecify.annotations.Nullable Object target, String title, Template pods) {
    return target instanceof String name
        ? "\"%s\": no container of %s has a port of this name, so nothing answers; write the number, or give the name to a port"
            .formatted(name, title)
        : "%s is very likely wrong: the containers of %s say that they listen on %s; write that"
            .formatted(target, title, numbers(pods));
  }

  /// Whether Pods have no such port: certain of names, and very likely of a number that was not
  /// written but taken from `port`, where all containers say what they listen on.
  private static boolean lacks(Struct service, Struct port, Template pods) {
    Object target = port.get("targetPort");
    if (target instanceof String name) {
      return !name.isEmpty() && !pods.hasPort(name);
    }
    boolean isUnsaid = Objects.equals(target, port.get("port"));
    boolean isHeadless = service.string("spec", "clusterIP").equals("None");
    boolean allSay =
        pods.spec().object().structs("containers").stream()
            .noneMatch(container -> container.structs("ports").isEmpty());
    return isUnsaid
        && !isHeadless
        && allSay
        && target instanceof Number number
        && !numbers(pods).contains(number.longValue());
  }

  private static List<Long> numbers(Template pods) {
    List<Long> numbers = new ArrayList<>();
    for (Place container : pods.containers()) {
      for (Struct port : container.object().structs("ports")) {
        numbers.add(port.integer("containerPort"));
      }
    }
    return numbers;
  }

  /// Names in DNS that are addresses.
  public static void externalName(Scene scene) {
    Struct spec = scene.object().struct("spec");
    String name = spec.string("externalName");
    if (spec.string("type").equals("ExternalName") && isAddress(name)) {
      scene.advise(
          "spec.externalName",
          "%s is taken for a name and not for an address, so nothing answers; write a name, or a Service without selector and an EndpointSlice with the address"
              .formatted(name));
    }
  }

  private static boolean isAddress(String text) {
    return IpAddress.parse(text) != null;
  }
}
