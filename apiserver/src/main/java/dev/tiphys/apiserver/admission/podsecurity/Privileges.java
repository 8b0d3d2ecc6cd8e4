package dev.tiphys.apiserver.admission.podsecurity;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The users that the processes of containers run as, and what they can become.
final class Privileges {

  private static final String NON_ROOT = "runAsNonRoot";

  private Privileges() {}

  static @Nullable Finding privileged(PodParts pod) {
    List<String> bad =
        pod.containersThat(container -> PodParts.context(container).bool("privileged"));
    return bad.isEmpty()
        ? null
        : new Finding(
            "privileged", PodParts.named(bad) + " must not set securityContext.privileged=true");
  }

  static @Nullable Finding escalation(PodParts pod) {
    List<String> bad =
        pod.containersThat(
            container ->
                !Boolean.FALSE.equals(PodParts.context(container).get("allowPrivilegeEscalation")));
    return bad.isEmpty()
        ? null
        : new Finding(
            "allowPrivilegeEscalation != false",
            PodParts.named(bad) + " must set securityContext.allowPrivilegeEscalation=false");
  }

  static @Nullable Finding procMount(PodParts pod) {
    Set<String> types = new TreeSet<>();
    List<String> bad =
        pod.containersThat(
            container -> {
              String type = PodParts.context(container).string("procMount");
              boolean forbidden = !type.isEmpty() && !type.equals("Default");
              return forbidden && (types.add(type) || forbidden);
            });
    return bad.isEmpty()
        ? null
        : new Finding(
            "procMount",
            PodParts.named(bad)
                + " must not set securityContext.procMount to "
                + PodParts.quoted(types));
  }

  static @Nullable Finding nonRoot(PodParts pod) {
    Object ofPod = pod.context().get(NON_ROOT);
    List<String> rooted =
        pod.containersThat(
            container -> Boolean.FALSE.equals(PodParts.context(container).get(NON_ROOT)));
    boolean rootedPod = Boolean.FALSE.equals(ofPod);
    if (rootedPod || !rooted.isEmpty()) {
      return new Finding(
          "runAsNonRoot != true",
          PodParts.setters(rootedPod, rooted) + " must not set securityContext.runAsNonRoot=false");
    }
    List<String> silent =
        pod.containersThat(container -> !PodParts.context(container).has(NON_ROOT));
    return Boolean.TRUE.equals(ofPod) || silent.isEmpty()
        ? null
        : new Finding(
            "runAsNonRoot != true",
            "pod or " + PodParts.named(silent) + " must set securityContext.runAsNonRoot=true");
  }

  static @Nullable Finding user(PodParts pod) {
    boolean ofPod = Long.valueOf(0).equals(pod.context().get("runAsUser"));
    List<String> bad =
        pod.containersThat(
            container -> Long.valueOf(0).equals(PodParts.context(container).get("runAsUser")));
    return !ofPod && bad.isEmpty()
        ? null
        : new Finding("runAsUser=0", PodParts.setters(ofPod, bad) + " must not set runAsUser=0");
  }
}
