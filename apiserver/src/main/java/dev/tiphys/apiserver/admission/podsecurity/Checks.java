package dev.tiphys.apiserver.admission.podsecurity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which checks a level has in which version.
///
/// @param id the name by which checks are ordered in messages
/// @param level the least strict level that has it
/// @param since the first version that has it
/// @param check what is looked at
/// @param replaces the id of the check of a less strict level that this one makes needless
record Checks(String id, Level level, int since, Check check, String replaces) {

  private static final List<Checks> ALL =
      List.of(
          baseline("appArmorProfile", 0, Profiles::appArmor),
          baseline("capabilities_baseline", 0, Capabilities::baseline),
          baseline("hostNamespaces", 0, HostAccess::namespaces),
          baseline("hostPathVolumes", 0, Volumes::hostPaths),
          baseline("hostPorts", 0, HostAccess::ports),
          baseline("hostProbesAndHostLifecycle", 34, HostAccess::probes),
          baseline("privileged", 0, Privileges::privileged),
          baseline("procMount", 0, Privileges::procMount),
          baseline("procMount", 35, ((Check) Privileges::procMount).exceptWithOwnUsers()),
          baseline("seLinuxOptions", 0, SeLinux.OLD),
          baseline("seLinuxOptions", 31, SeLinux.SINCE_31),
          baseline("seccompProfile_baseline", 0, Profiles::seccompAnnotations),
          baseline("seccompProfile_baseline", 19, Profiles::seccompBaseline),
          baseline("sysctls", 0, Sysctls.OLD),
          baseline("sysctls", 27, Sysctls.SINCE_27),
          baseline("sysctls", 29, Sysctls.SINCE_29),
          baseline("sysctls", 32, Sysctls.SINCE_32),
          baseline("windowsHostProcess", 0, HostAccess::windowsProcesses),
          restricted("allowPrivilegeEscalation", 8, Privileges::escalation, ""),
          restricted(
              "allowPrivilegeEscalation",
              25,
              ((Check) Privileges::escalation).exceptOnWindows(),
              ""),
          restricted(
              "capabilities_restricted", 22, Capabilities::restricted, "capabilities_baseline"),
          restricted(
              "capabilities_restricted",
              25,
              ((Check) Capabilities::restricted).exceptOnWindows(),
              "capabilities_baseline"),
          restricted("procMount_restricted", 35, Privileges::procMount, "procMount"),
          restricted("restrictedVolumes", 0, Volumes::restricted, "hostPathVolumes"),
          restricted("runAsNonRoot", 0, Privileges::nonRoot, ""),
          restricted("runAsNonRoot", 35, ((Check) Privileges::nonRoot).exceptWithOwnUsers(), ""),
          restricted("runAsUser", 23, Privileges::user, ""),
          restricted("runAsUser", 35, ((Check) Privileges::user).exceptWithOwnUsers(), ""),
          restricted(
              "seccompProfile_restricted",
              19,
              Profiles::seccompRestricted,
              "seccompProfile_baseline"),
          restricted(
              "seccompProfile_restricted",
              25,
              ((Check) Profiles::seccompRestricted).exceptOnWindows(),
              "seccompProfile_baseline"));

  private static Checks baseline(String id, int since, Check check) {
    return new Checks(id, Level.BASELINE, since, check, "");
  }

  private static Checks restricted(String id, int since, Check check, String replaces) {
    return new Checks(id, Level.RESTRICTED, since, check, replaces);
  }

  /// What a level in a version forbids of a Pod: what the baseline forbids first.
  static List<Finding> findings(LevelVersion wanted, PodParts pod) {
    List<Finding> findings = new ArrayList<>();
    for (Checks each : of(wanted)) {
      Finding found = each.check.find(pod);
      if (found != null) {
        findings.add(found);
      }
    }
    return findings;
  }

  private static List<Checks> of(LevelVersion wanted) {
    List<Checks> all = new ArrayList<>();
    Set<String> replaced = new HashSet<>();
    for (Checks each : ALL) {
      boolean has = each.level.compareTo(wanted.level()) <= 0 && each.isLatest(wanted.minor());
      if (has) {
        all.add(each);
        replaced.add(each.replaces);
      }
    }
    all.removeIf(each -> replaced.contains(each.id));
    all.sort(Comparator.comparing(Checks::level).thenComparing(Checks::id));
    return all;
  }

  /// Whether this is the form that a check has in a version.
  private boolean isLatest(int minor) {
    return since <= minor
        && ALL.stream()
            .noneMatch(other -> other.id.equals(id) && other.since > since && other.since <= minor);
  }
}
