package dev.tiphys.node.runtime.spec;

import org.jspecify.annotations.Nullable;

/// What a sandbox, and the process that holds it open, may do.
///
/// @param namespaces what its containers share with each other or with the node
/// @param identity the user that the sandbox's own process runs as
/// @param privileged whether privileged containers may be put into it
/// @param readOnlyRoot whether its own process can't write its root file system
/// @param seccomp which system calls are allowed
/// @param apparmor the AppArmor profile; null for the runtime's choice
/// @param selinux the SELinux label; null for the runtime's choice
public record SandboxSecurity(
    Namespaces namespaces,
    Identity identity,
    boolean privileged,
    boolean readOnlyRoot,
    SecurityProfile seccomp,
    @Nullable SecurityProfile apparmor,
    @Nullable SelinuxLabel selinux) {

  /// Namespaces of its own, the runtime's default seccomp profile.
  public static final SandboxSecurity DEFAULT =
      new SandboxSecurity(
          Namespaces.OF_POD,
          Identity.OF_IMAGE,
          false,
          false,
          SecurityProfile.RUNTIME_DEFAULT,
          null,
          null);
}
