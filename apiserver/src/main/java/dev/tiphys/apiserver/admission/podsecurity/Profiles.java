package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which profiles of AppArmor and seccomp Pods run under.
final class Profiles {

  private static final Set<String> ALLOWED = Set.of("RuntimeDefault", "Localhost");
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String SECCOMP = "seccompProfile";
  private static final String POD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";

  private Profiles() {}

  /// What sets a profile that is not allowed, and to what.
  private record Forbidden(boolean pod, List<String> containers, Set<String> types) {}

  private static Forbidden forbidden(PodParts pod, String field) {
    Set<String> types = new TreeSet<>();
    boolean ofPod = isForbidden(pod.context(), field, types);
    List<String> containers =
        pod.containersThat(container -> isForbidden(PodParts.context(container), field, types));
    return new Forbidden(ofPod, containers, types);
  }

  private static boolean isForbidden(Struct context, String field, Set<String> types) {
    if (!context.has(field)) {
      return false;
    }
    String type = context.string(field, "type");
    if (ALLOWED.contains(type)) {
      return false;
    }
    types.add(type);
    return true;
  }

  static @Nullable Finding appArmor(PodParts pod) {
    Forbidden forbidden = forbidden(pod, "appArmorProfile");
    List<String> annotations = new ArrayList<>();
    Struct all = pod.metadata().struct("annotations");
    for (String key : all.names()) {
      String value = all.string(key);
      boolean allowed =
          value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
      if (key.startsWith(APP_ARMOR) && !allowed) {
        annotations.add(key + "=" + FieldError.quoted(value));
      }
    }
    List<String> setters = new ArrayList<>();
    String fields = PodParts.setters(forbidden.pod, forbidden.containers);
    if (!fields.isEmpty()) {
      setters.add(fields);
    }
    if (!annotations.isEmpty()) {
      setters.add(PodParts.plural("annotation", annotations));
    }
    List<String> values = new ArrayList<>(forbidden.types);
    values.addAll(annotations);
    return setters.isEmpty()
        ? null
        : new Finding(
            PodParts.plural("forbidden AppArmor profile", values),
            String.join(" and ", setters)
                + " must not set AppArmor profile type to "
                + PodParts.quoted(values));
  }

  /// Before there was a field, annotations named the profile.
  static @Nullable Finding seccompAnnotations(PodParts pod) {
    Set<String> forbidden = new TreeSet<>();
    Struct annotations = pod.metadata().struct("annotations");
    addForbidden(forbidden, annotations, POD_SECCOMP);
    for (Struct container : pod.containers()) {
      addForbidden(forbidden, annotations, CONTAINER_SECCOMP + container.string("name"));
    }
    return forbidden.isEmpty()
        ? null
        : new Finding(
            SECCOMP,
            "forbidden "
                + PodParts.plural("annotation", forbidden)
                + " "
                + String.join(", ", forbidden));
  }

  private static void addForbidden(Set<String> forbidden, Struct annotations, String key) {
    String value = annotations.string(key);
    boolean allowed =
        value.equals("runtime/default")
            || value.equals("docker/default")
            || value.startsWith("localhost/");
    if (annotations.get(key) != null && !allowed) {
      forbidden.add(key + "=" + FieldError.quoted(value));
    }
  }

  static @Nullable Finding seccompBaseline(PodParts pod) {
    Forbidden forbidden = forbidden(pod, SECCOMP);
    return forbidden.types.isEmpty()
        ? null
        : new Finding(
            SECCOMP,
            PodParts.setters(forbidden.pod, forbidden.containers)
                + " must not set securityContext.seccompProfile.type to "
                + PodParts.quoted(forbidden.types));
  }

  static @Nullable Finding seccompRestricted(PodParts pod) {
    Finding explicit = seccompBaseline(pod);
    if (explicit != null) {
      return explicit;
    }
    List<String> silent =
        pod.containersThat(container -> !PodParts.context(container).has(SECCOMP));
    return pod.context().has(SECCOMP) || silent.isEmpty()
        ? null
        : new Finding(
            SECCOMP,
            "pod or "
                + PodParts.named(silent)
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                + " \"Localhost\"");
  }
}
