package dev.tiphys.schema.warnings;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Warnings about Pods and their templates.
final class PodWarnings {

  private static final Map<String, String> ANNOTATIONS =
      Map.of(
          "scheduler.alpha.kubernetes.io/critical-pod",
          "non-functional in v1.16+; use the \"priorityClassName\" field instead",
          "security.alpha.kubernetes.io/sysctls",
          "non-functional in v1.11+; use the \"sysctls\" field instead",
          "security.alpha.kubernetes.io/unsafe-sysctls",
          "non-functional in v1.11+; use the \"sysctls\" field instead");

  private static final String SECCOMP_OF_POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP_OF_CONTAINER =
      "container.seccomp.security.alpha.kubernetes.io/";
  private static final String NO_SECCOMP =
      "non-functional in v1.27+; use the \"seccompProfile\" field instead";
  private static final String NULL_SELECTOR = "a null labelSelector results in matching no pod";
  private static final List<String> IN_BYTES = List.of("memory", "ephemeral-storage");

  private PodWarnings() {}

  static void pod(Subject pod) {
    List<String> problems = Formats.dnsLabel(pod.object().string("metadata", "name"));
    if (!problems.isEmpty()) {
      pod.warn(
          "metadata.name",
          "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label"
              + " is recommended: ["
              + String.join(" ", problems)
              + "]");
    }
    template(pod);
  }

  /// A Pod, or a template of Pods.
  static void template(Subject pod) {
    Subject spec = pod.at("spec");
    NodeLabels.selector(spec);
    NodeLabels.affinity(spec.at("affinity", "nodeAffinity"));
    spread(spec);
    annotations(pod);
    spec.items("volumes").forEach(VolumeWarnings::podVolume);
    duplicates(spec);
    inBytes(spec.at("overhead"));
    seccomp(pod, spec.at("securityContext").object(), SECCOMP_OF_POD);
    for (Subject container : containers(spec)) {
      container(pod, container);
    }
    PortWarnings.ports(containers(spec));
    if (spec.object().integer("terminationGracePeriodSeconds") < 0) {
      spec.warn(
          "terminationGracePeriodSeconds",
          "must be >= 0; negative values are invalid and will be treated as 1");
    }
    podAffinity(spec.at("affinity", "podAffinity"));
    podAffinity(spec.at("affinity", "podAntiAffinity"));
  }

  private static List<Subject> containers(Subject spec) {
    List<Subject> all = new ArrayList<>(spec.items("initContainers"));
    all.addAll(spec.items("containers"));
    all.addAll(spec.items("ephemeralContainers"));
    return all;
  }

  private static void spread(Subject spec) {
    for (Subject constraint : spec.items("topologySpreadConstraints")) {
      NodeLabels.key(constraint, "topologyKey");
      if (!constraint.object().has("labelSelector")) {
        constraint.warn("labelSelector", NULL_SELECTOR);
      }
    }
  }

  private static void annotations(Subject pod) {
    Struct annotations = pod.object().struct("metadata", "annotations");
    annotations.forEach(
        (name, value) -> {
          String text = ANNOTATIONS.get(name);
          if (text != null) {
            pod.warn("metadata.annotations[" + name + "]", text);
          }
        });
  }

  private static void duplicates(Subject spec) {
    Set<String> addresses = new HashSet<>();
    for (Subject alias : spec.items("hostAliases")) {
      String ip = alias.object().string("ip");
      if (!addresses.add(ip)) {
        alias.warn("ip", "duplicate ip " + Subject.quoted(ip));
      }
    }
    Set<String> secrets = new HashSet<>();
    for (Subject secret : spec.items("imagePullSecrets")) {
      String name = secret.object().string("name");
      if (!secrets.add(name)) {
        secret.warn("name", "duplicate name " + Subject.quoted(name));
      }
    }
    for (Subject secret : spec.items("imagePullSecrets")) {
      if (secret.object().string("name").isEmpty()) {
        secret.warn("name", "invalid empty name \"\"");
      }
    }
  }

  private static void seccomp(Subject pod, Struct context, String annotation) {
    if (!context.has("seccompProfile") && pod.object().has("metadata", "annotations", annotation)) {
      pod.warn("metadata.annotations[" + annotation + "]", NO_SECCOMP);
    }
  }

  private static void container(Subject pod, Subject container) {
    Struct object = container.object();
    seccomp(pod, object.struct("securityContext"), SECCOMP_OF_CONTAINER + object.string("name"));
    for (String resource : IN_BYTES) {
      inBytes(container.at("resources", "limits"), resource);
      inBytes(container.at("resources", "requests"), resource);
    }
    Set<String> names = new HashSet<>();
    for (Subject variable : container.items("env")) {
      String name = variable.object().string("name");
      if (!names.add(name) && hides(variable.object(), name)) {
        variable.warn("", "hides previous definition of " + Subject.quoted(name));
      }
    }
  }

  /// Whether the value of a variable forgets the one that it had before.
  private static boolean hides(Struct variable, String name) {
    String reference = "$(" + name + ")";
    String value = variable.string("value");
    return variable.has("valueFrom") || value.equals(reference) || !value.contains(reference);
  }

  private static void inBytes(Subject amounts) {
    IN_BYTES.forEach(resource -> inBytes(amounts, resource));
  }

  /// Warns of parts of bytes.
  static void inBytes(Subject amounts, String resource) {
    Object amount = amounts.object().get(resource);
    if (amount != null && !Quantity.from(amount).isWhole()) {
      amounts.say(
          amounts.path("")
              + "["
              + resource
              + "]: fractional byte value "
              + Subject.quoted(amount)
              + " is invalid, must be an integer");
    }
  }

  private static void podAffinity(Subject affinity) {
    for (Subject term : affinity.items("requiredDuringSchedulingIgnoredDuringExecution")) {
      if (!term.object().has("labelSelector")) {
        term.warn("labelSelector", NULL_SELECTOR);
      }
    }
    for (Subject term : affinity.items("preferredDuringSchedulingIgnoredDuringExecution")) {
      if (!term.object().has("podAffinityTerm", "labelSelector")) {
        term.warn("podAffinityTerm.labelSelector", NULL_SELECTOR);
      }
    }
  }
}
