package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.spec.ContainerSecurity;
import dev.tiphys.node.runtime.spec.Identity;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.Namespaces.Mode;
import dev.tiphys.node.runtime.spec.SandboxSecurity;
import dev.tiphys.node.runtime.spec.SecurityProfile;
import dev.tiphys.node.runtime.spec.SelinuxLabel;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What Pods and containers may do, out of their security contexts. What a container says counts
/// more than what its Pod says.
///
/// @param profiles where the node's own seccomp profiles are
record Security(Path profiles) {

  SandboxSecurity ofSandbox(Pod pod) {
    boolean privileged =
        pod.allContainers().stream().anyMatch(c -> c.security().bool("privileged"));
    return new SandboxSecurity(
        namespaces(pod),
        identity(pod, pod.security()),
        privileged,
        false,
        profile(pod.security().struct("seccompProfile"), SecurityProfile.RUNTIME_DEFAULT),
        null,
        selinux(pod.security().struct("seLinuxOptions")));
  }

  /// @param target the id of the container whose processes an ephemeral one wants to see; empty if
  ///   it names none
  /// @throws StartFailure if it must not run as root but would
  ContainerSecurity of(Pod pod, PodContainer container, Image image, String target)
      throws StartFailure {
    Struct own = container.security();
    Struct ofPod = pod.security();
    Identity identity = identity(pod, merged(ofPod, own));
    checkNonRoot(pod, container, image, identity);
    boolean privileged = own.bool("privileged");
    boolean unmasked = privileged || own.string("procMount").equals("Unmasked");
    Namespaces namespaces = namespaces(pod);
    return new ContainerSecurity(
        target.isEmpty()
            ? namespaces
            : new Namespaces(namespaces.network(), Mode.TARGET, namespaces.ipc(), target),
        identity,
        privileged,
        own.strings("capabilities", "add"),
        own.strings("capabilities", "drop"),
        own.bool("readOnlyRootFilesystem"),
        own.has("allowPrivilegeEscalation") && !own.bool("allowPrivilegeEscalation"),
        unmasked ? List.of() : ContainerSecurity.MASKED_PATHS,
        unmasked ? List.of() : ContainerSecurity.READONLY_PATHS,
        profile(first("seccompProfile", own, ofPod), SecurityProfile.UNCONFINED),
        apparmor(first("appArmorProfile", own, ofPod)),
        selinux(first("seLinuxOptions", own, ofPod)));
  }

  static Namespaces namespaces(Pod pod) {
    Struct spec = pod.spec();
    Mode pid = spec.bool("shareProcessNamespace") ? Mode.POD : Mode.CONTAINER;
    return new Namespaces(
        pod.hostNetwork() ? Mode.NODE : Mode.POD,
        spec.bool("hostPID") ? Mode.NODE : pid,
        spec.bool("hostIPC") ? Mode.NODE : Mode.POD,
        "");
  }

  private static Struct merged(Struct ofPod, Struct own) {
    Struct result = ofPod;
    for (String field : List.of("runAsUser", "runAsGroup", "runAsNonRoot")) {
      Object value = own.get(field);
      if (value != null) {
        result = result.with(field, value);
      }
    }
    return result;
  }

  private static Identity identity(Pod pod, Struct context) {
    List<Long> groups = new ArrayList<>();
    Stream.concat(
            pod.security().list("supplementalGroups").stream(),
            Stream.ofNullable(pod.security().get("fsGroup")))
        .forEach(
            group -> {
              if (group instanceof Long number && !groups.contains(number)) {
                groups.add(number);
              }
            });
    Long user = context.get("runAsUser") instanceof Long number ? number : null;
    Long group = context.get("runAsGroup") instanceof Long number ? number : null;
    return new Identity(
        user,
        user == null ? null : group,
        groups,
        pod.security().string("supplementalGroupsPolicy").equals("Strict"));
  }

  private static void checkNonRoot(Pod pod, PodContainer container, Image image, Identity identity)
      throws StartFailure {
    if (!merged(pod.security(), container.security()).bool("runAsNonRoot")) {
      return;
    }
    String where = " (pod: \"%s\", container: %s)".formatted(pod.fullName(), container.name());
    if (identity.user() != null) {
      if (identity.user() == 0) {
        throw StartFailure.config("container's runAsUser breaks non-root policy" + where);
      }
      return;
    }
    if (image.user() == null && !image.userName().isEmpty()) {
      throw StartFailure.config(
          "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root%s"
              .formatted(image.userName(), where));
    }
    if (image.user() == null || image.user() == 0) {
      throw StartFailure.config("container has runAsNonRoot and image will run as root" + where);
    }
  }

  private static Struct first(String field, Struct own, Struct ofPod) {
    return own.has(field) ? own.struct(field) : ofPod.struct(field);
  }

  private SecurityProfile profile(Struct profile, SecurityProfile otherwise) {
    return switch (profile.string("type")) {
      case "RuntimeDefault" -> SecurityProfile.RUNTIME_DEFAULT;
      case "Unconfined" -> SecurityProfile.UNCONFINED;
      case "Localhost" ->
          new SecurityProfile.Localhost(
              profiles.resolve(profile.string("localhostProfile")).toString());
      default -> otherwise;
    };
  }

  private static @Nullable SecurityProfile apparmor(Struct profile) {
    return switch (profile.string("type")) {
      case "RuntimeDefault" -> SecurityProfile.RUNTIME_DEFAULT;
      case "Unconfined" -> SecurityProfile.UNCONFINED;
      case "Localhost" -> new SecurityProfile.Localhost(profile.string("localhostProfile"));
      default -> null;
    };
  }

  private static @Nullable SelinuxLabel selinux(Struct options) {
    return options.isEmpty()
        ? null
        : new SelinuxLabel(
            options.string("user"),
            options.string("role"),
            options.string("type"),
            options.string("level"));
  }
}
