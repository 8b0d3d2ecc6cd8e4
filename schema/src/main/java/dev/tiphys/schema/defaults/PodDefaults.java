package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// Defaults of Pods, and of the Pods that templates describe.
final class PodDefaults {

  /// Where init containers stood before they had a field. Nothing reads it any more.
  private static final List<String> OLD_INIT_CONTAINERS =
      List.of(
          "pod.alpha.kubernetes.io/init-containers",
          "pod.beta.kubernetes.io/init-containers",
          "pod.alpha.kubernetes.io/init-container-statuses",
          "pod.beta.kubernetes.io/init-container-statuses");

  /// The fields of a volume that say something other than where its data comes from.
  private static final Set<String> NO_SOURCE = Set.of("name");

  private PodDefaults() {}

  static Struct pod(Struct pod) {
    Struct completed = Edits.in(template(pod), "spec", PodDefaults::podSpec);
    return Edits.in(completed, "status", PodDefaults::status);
  }

  static Struct podTemplate(Struct object) {
    return Edits.in(object, "template", PodDefaults::template);
  }

  /// What holds in a Pod as in any template of one.
  static Struct template(Struct template) {
    Struct cleaned = Edits.in(template, "metadata", PodDefaults::withoutOldAnnotations);
    return Edits.in(cleaned, "spec", PodDefaults::templateSpec);
  }

  private static Struct templateSpec(Struct spec) {
    Struct completed = Edits.inEach(spec, "containers", PodDefaults::container);
    completed = Edits.inEach(completed, "initContainers", PodDefaults::container);
    completed = Edits.inEach(completed, "ephemeralContainers", PodDefaults::container);
    completed = Edits.inEach(completed, "volumes", PodDefaults::volume);
    return accountNames(completed);
  }

  private static Struct container(Struct container) {
    return container.string("imagePullPolicy").isEmpty()
        ? container.with("imagePullPolicy", ImageReference.pullPolicy(container.string("image")))
        : container;
  }

  private static Struct volume(Struct volume) {
    if (NO_SOURCE.containsAll(volume.names())) {
      return volume.with("emptyDir", Struct.EMPTY);
    }
    return Edits.in(
        volume,
        "image",
        image ->
            image.string("pullPolicy").isEmpty()
                ? image.with("pullPolicy", ImageReference.pullPolicy(image.string("reference")))
                : image);
  }

  /// The old name of the field says what the new one says; alone, it counts for the new one.
  private static Struct accountNames(Struct spec) {
    String name = spec.string("serviceAccountName");
    String old = spec.string("serviceAccount");
    if (name.equals(old)) {
      return spec;
    }
    String both = name.isEmpty() ? old : name;
    return spec.with("serviceAccountName", both).with("serviceAccount", both);
  }

  private static Struct withoutOldAnnotations(Struct metadata) {
    Struct annotations = metadata.struct("annotations");
    Struct kept = annotations;
    for (String name : OLD_INIT_CONTAINERS) {
      kept = kept.without(name);
    }
    if (kept == annotations) {
      return metadata;
    }
    return kept.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", kept);
  }

  /// What holds in a Pod alone.
  private static Struct podSpec(Struct spec) {
    Struct completed = Edits.inEach(spec, "containers", PodDefaults::requestsFromLimits);
    completed = Edits.inEach(completed, "initContainers", PodDefaults::requestsFromLimits);
    completed = PodLevelResources.complete(completed);
    completed = Edits.fill(completed, "enableServiceLinks", true);
    if (completed.integer("terminationGracePeriodSeconds") < 0) {
      completed = completed.with("terminationGracePeriodSeconds", 1L);
    }
    if (completed.bool("hostNetwork")) {
      completed = Edits.inEach(completed, "containers", PodDefaults::hostPorts);
      completed = Edits.inEach(completed, "initContainers", PodDefaults::hostPorts);
    }
    return completed;
  }

  private static Struct requestsFromLimits(Struct container) {
    return Edits.in(
        container,
        "resources",
        resources -> Edits.fillMap(resources, "requests", resources.struct("limits")));
  }

  private static Struct hostPorts(Struct container) {
    return Edits.inEach(
        container,
        "ports",
        port ->
            port.integer("hostPort") == 0 && port.integer("containerPort") != 0
                ? port.with("hostPort", port.integer("containerPort"))
                : port);
  }

  /// `podIP` is the first of `podIPs`; where they disagree, `podIP` is right.
  private static Struct status(Struct status) {
    String ip = status.string("podIP");
    List<Struct> all = status.structs("podIPs");
    String first = all.isEmpty() ? "" : all.getFirst().string("ip");
    if (ip.equals(first)) {
      return status;
    }
    return ip.isEmpty()
        ? status.with("podIP", first)
        : status.with("podIPs", List.of(Struct.of("ip", ip)));
  }
}
