package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Rules for what a Pod and its containers may do on their node.
final class SecurityRules {

  private static final String KINDS = "io.k8s.api.core.v1.";
  private static final List<String> PROC_MOUNTS = List.of("Default", "Unmasked");
  private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");
  private static final int LONGEST_PROFILE = 4095;
  private static final int LONGEST_SYSCTL = 253;
  private static final String SYSCTL_RE =
      "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
  private static final Pattern SYSCTL = Pattern.compile(SYSCTL_RE);
  private static final Set<String> IPC_SYSCTLS =
      Set.of(
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced",
          "kernel.shm",
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.msg");

  /// Fields of the security context of a Pod whose value is one of a few.
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          "fsGroupChangePolicy", List.of("Always", "OnRootMismatch"),
          "supplementalGroupsPolicy", List.of("Merge", "Strict"),
          "seLinuxChangePolicy", List.of("MountOption", "Recursive"));

  private SecurityRules() {}

  static void ofPod(FieldValue spec) {
    FieldValue context = spec.at("securityContext");
    identity(context, "fsGroup");
    identity(context, "runAsUser");
    identity(context, "runAsGroup");
    for (FieldValue group : context.at("supplementalGroups").items()) {
      group.mustBeBetween(0, Integer.MAX_VALUE);
    }
    if (spec.at("shareProcessNamespace").bool() && spec.at("hostPID").bool()) {
      context
          .at("shareProcessNamespace")
          .invalid(true, "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    sysctls(context.at("sysctls"), spec);
    choice(context, "fsGroupChangePolicy");
    seccomp(context.at("seccompProfile"));
    WindowsRules.options(context.at("windowsOptions"));
    appArmor(context.at("appArmorProfile"));
    choice(context, "supplementalGroupsPolicy");
    choice(context, "seLinuxChangePolicy");
    for (FieldValue secret : spec.at("imagePullSecrets").items()) {
      if (secret.struct().size() > 1) {
        secret.invalid("only name may be set");
      }
    }
  }

  private static void choice(FieldValue context, String field) {
    context.at(field).mayBeOneOf(CHOICES.getOrDefault(field, List.of()));
  }

  private static void identity(FieldValue context, String field) {
    if (context.at(field).isSet()) {
      context.at(field).mustBeBetween(0, Integer.MAX_VALUE);
    }
  }

  static void ofContainer(FieldValue context, boolean hostUsers) {
    if (!context.isSet()) {
      return;
    }
    identity(context, "runAsUser");
    identity(context, "runAsGroup");
    FieldValue mount = context.at("procMount");
    mount.mayBeOneOf(PROC_MOUNTS);
    if (hostUsers && mount.is("Unmasked")) {
      mount.invalid("`hostUsers` must be false to use `Unmasked`");
    }
    seccomp(context.at("seccompProfile"));
    escalation(context);
    WindowsRules.options(context.at("windowsOptions"));
    appArmor(context.at("appArmorProfile"));
  }

  private static void escalation(FieldValue context) {
    FieldValue allowed = context.at("allowPrivilegeEscalation");
    if (!allowed.isSet() || allowed.bool()) {
      return;
    }
    if (context.at("privileged").bool()) {
      context.invalidText(
          shown(context, "SecurityContext"),
          "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    }
    if (context.at("capabilities", "add").list().contains("CAP_SYS_ADMIN")) {
      context.invalidText(
          shown(context, "SecurityContext"),
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }

  private static String shown(FieldValue value, String type) {
    return GoText.struct(value.value(), KINDS + type);
  }

  private static void seccomp(FieldValue profile) {
    if (!profile.isSet()) {
      return;
    }
    FieldValue type = profile.at("type");
    if (type.mustBeSet("type is required when seccompProfile is set")) {
      type.mustBeOneOf(PROFILES);
    }
    FieldValue file = profile.at("localhostProfile");
    if (!type.is("Localhost")) {
      if (file.isSet()) {
        file.invalidText(
            shown(profile, "SeccompProfile"), "can only be set when seccomp type is Localhost");
      }
    } else if (file.isSet()) {
      PathRules.relative(file);
    } else {
      file.required("must be set when seccomp type is Localhost");
    }
  }

  private static void appArmor(FieldValue profile) {
    if (!profile.isSet()) {
      return;
    }
    FieldValue type = profile.at("type");
    FieldValue file = profile.at("localhostProfile");
    if (type.is("Localhost")) {
      appArmorFile(file);
    } else if (type.mustBeSet("type is required when appArmorProfile is set")
        && type.mustBeOneOf(PROFILES)
        && file.isSet()) {
      file.invalid("can only be set when AppArmor type is Localhost");
    }
  }

  private static void appArmorFile(FieldValue file) {
    if (!file.isSet()) {
      file.required("must be set when AppArmor type is Localhost");
      return;
    }
    if (!file.string().equals(file.string().strip())) {
      file.invalid("must not be padded with whitespace");
    } else {
      file.mustBeSet("must be set when AppArmor type is Localhost");
    }
    file.mustNotBeLongerThan(LONGEST_PROFILE);
  }

  private static void sysctls(FieldValue sysctls, FieldValue spec) {
    Set<Object> names = new HashSet<>();
    for (FieldValue sysctl : sysctls.items()) {
      FieldValue name = sysctl.at("name");
      if (name.mustBeSet()) {
        if (name.string().length() > LONGEST_SYSCTL || !SYSCTL.matcher(name.string()).matches()) {
          name.invalid("must have at most 253 characters and match regex " + SYSCTL_RE);
        } else {
          name.mustBeNewIn(names);
        }
      }
      String dotted = name.string().replace('/', '.');
      if (spec.at("hostNetwork").bool() && dotted.startsWith("net.")) {
        name.invalid("may not be specified when 'hostNetwork' is true");
      } else if (spec.at("hostIPC").bool()
          && (IPC_SYSCTLS.contains(dotted) || dotted.startsWith("fs.mqueue."))) {
        name.invalid("may not be specified when 'hostIPC' is true");
      }
    }
  }
}
