package dev.tiphys.node.runtime.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a container may do.
///
/// @param privileged everything; most of the rest is then ignored
/// @param addCapabilities beyond the runtime's default set, without `CAP_`; `ALL` for all
/// @param dropCapabilities out of the runtime's default set
/// @param noNewPrivileges whether no program can gain more than its caller has
/// @param maskedPaths paths that read as empty; see [#MASKED_PATHS]
/// @param readonlyPaths paths that cannot be written; see [#READONLY_PATHS]
public record ContainerSecurity(
    Namespaces namespaces,
    Identity identity,
    boolean privileged,
    List<String> addCapabilities,
    List<String> dropCapabilities,
    boolean readOnlyRoot,
    boolean noNewPrivileges,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    SecurityProfile seccomp,
    @Nullable SecurityProfile apparmor,
    @Nullable SelinuxLabel selinux) {

  /// What is masked unless the Pod asks for an unmasked `/proc`.
  public static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  /// What is read-only unless the Pod asks for an unmasked `/proc`.
  public static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /// What a container has if its Pod says nothing of security.
  public static final ContainerSecurity DEFAULT =
      new ContainerSecurity(
          Namespaces.OF_POD,
          Identity.OF_IMAGE,
          false,
          List.of(),
          List.of(),
          false,
          false,
          MASKED_PATHS,
          READONLY_PATHS,
          SecurityProfile.UNCONFINED,
          null,
          null);

  public ContainerSecurity {
    addCapabilities = List.copyOf(addCapabilities);
    dropCapabilities = List.copyOf(dropCapabilities);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
  }
}
