package dev.tiphys.node.cri;

import com.google.protobuf.ByteString;
import dev.tiphys.cri.Cri;
import dev.tiphys.node.runtime.RegistryAuth;
import dev.tiphys.node.runtime.spec.ContainerSecurity;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.Identity;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.node.runtime.spec.SandboxSecurity;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.runtime.spec.SecurityProfile;
import dev.tiphys.node.runtime.spec.SelinuxLabel;

/// What the contract says, in messages of CRI.
final class CriSpecs {

  private CriSpecs() {}

  static Cri.PodSandboxConfig sandbox(SandboxSpec spec) {
    Cri.PodSandboxConfig.Builder config =
        Cri.PodSandboxConfig.newBuilder()
            .setMetadata(metadata(spec.name()))
            .setHostname(spec.hostname())
            .setLogDirectory(spec.logDirectory())
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLinux(
                Cri.LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(spec.cgroupParent())
                    .putAllSysctls(spec.sysctls())
                    .setSecurityContext(security(spec.security())));
    if (spec.dns() != null) {
      config.setDnsConfig(
          Cri.DNSConfig.newBuilder()
              .addAllServers(spec.dns().servers())
              .addAllSearches(spec.dns().searches())
              .addAllOptions(spec.dns().options()));
    }
    spec.ports().forEach(port -> config.addPortMappings(port(port)));
    return config.build();
  }

  static Cri.ContainerConfig container(ContainerSpec spec) {
    ContainerSpec.Process process = spec.process();
    Cri.ContainerConfig.Builder config =
        Cri.ContainerConfig.newBuilder()
            .setMetadata(
                Cri.ContainerMetadata.newBuilder()
                    .setName(spec.name().name())
                    .setAttempt(spec.name().attempt()))
            .setImage(
                Cri.ImageSpec.newBuilder()
                    .setImage(spec.image())
                    .setUserSpecifiedImage(spec.userImage()))
            .addAllCommand(process.command())
            .addAllArgs(process.args())
            .setWorkingDir(process.workingDirectory())
            .setTty(process.tty())
            .setStdin(process.stdin() != ContainerSpec.Stdin.NONE)
            .setStdinOnce(process.stdin() == ContainerSpec.Stdin.ONCE)
            .putAllLabels(spec.labels())
            .putAllAnnotations(spec.annotations())
            .setLogPath(spec.logPath())
            .setLinux(
                Cri.LinuxContainerConfig.newBuilder()
                    .setResources(resources(spec.resources()))
                    .setSecurityContext(security(spec.security())));
    if (!process.stopSignal().isEmpty()) {
      config.setStopSignal(Cri.Signal.valueOf("SIGNAL_" + process.stopSignal()));
    }
    process.environment().forEach(variable -> config.addEnvs(variable(variable)));
    spec.mounts().forEach(mount -> config.addMounts(mount(mount)));
    spec.devices().forEach(device -> config.addDevices(device(device)));
    return config.build();
  }

  static Cri.LinuxContainerResources resources(LinuxResources resources) {
    Cri.LinuxContainerResources.Builder message =
        Cri.LinuxContainerResources.newBuilder()
            .setCpuShares(resources.cpuShares())
            .setCpuQuota(resources.cpuQuota())
            .setCpuPeriod(resources.cpuPeriod())
            .setMemoryLimitInBytes(resources.memoryLimit())
            .setMemorySwapLimitInBytes(resources.memorySwapLimit())
            .setOomScoreAdj(resources.oomScoreAdj())
            .setCpusetCpus(resources.cpusetCpus())
            .setCpusetMems(resources.cpusetMems())
            .putAllUnified(resources.unified());
    resources
        .hugepages()
        .forEach(
            (size, limit) ->
                message.addHugepageLimits(
                    Cri.HugepageLimit.newBuilder().setPageSize(size).setLimit(limit)));
    return message.build();
  }

  static Cri.AuthConfig auth(RegistryAuth auth) {
    return Cri.AuthConfig.newBuilder()
        .setUsername(auth.userName())
        .setPassword(auth.password())
        .setAuth(auth.auth())
        .setServerAddress(auth.serverAddress())
        .setIdentityToken(auth.identityToken())
        .setRegistryToken(auth.registryToken())
        .build();
  }

  private static Cri.PodSandboxMetadata metadata(SandboxName name) {
    return Cri.PodSandboxMetadata.newBuilder()
        .setName(name.name())
        .setNamespace(name.namespace())
        .setUid(name.uid())
        .setAttempt(name.attempt())
        .build();
  }

  private static Cri.PortMapping port(SandboxSpec.Port port) {
    return Cri.PortMapping.newBuilder()
        .setProtocol(
            switch (port.protocol()) {
              case TCP -> Cri.Protocol.TCP;
              case UDP -> Cri.Protocol.UDP;
              case SCTP -> Cri.Protocol.SCTP;
            })
        .setContainerPort(port.containerPort())
        .setHostPort(port.hostPort())
        .setHostIp(port.hostIp())
        .build();
  }

  private static Cri.LinuxSandboxSecurityContext security(SandboxSecurity security) {
    Identity identity = security.identity();
    Cri.LinuxSandboxSecurityContext.Builder message =
        Cri.LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(security.namespaces()))
            .setPrivileged(security.privileged())
            .setReadonlyRootfs(security.readOnlyRoot())
            .setSeccomp(profile(security.seccomp()))
            .addAllSupplementalGroups(identity.groups())
            .setSupplementalGroupsPolicy(policy(identity));
    if (identity.user() != null) {
      message.setRunAsUser(number(identity.user()));
    }
    if (identity.group() != null) {
      message.setRunAsGroup(number(identity.group()));
    }
    if (security.apparmor() != null) {
      message.setApparmor(profile(security.apparmor()));
    }
    if (security.selinux() != null) {
      message.setSelinuxOptions(label(security.selinux()));
    }
    return message.build();
  }

  private static Cri.LinuxContainerSecurityContext security(ContainerSecurity security) {
    Identity identity = security.identity();
    Cri.LinuxContainerSecurityContext.Builder message =
        Cri.LinuxContainerSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(security.namespaces()))
            .setPrivileged(security.privileged())
            .setCapabilities(
                Cri.Capability.newBuilder()
                    .addAllAddCapabilities(security.addCapabilities())
                    .addAllDropCapabilities(security.dropCapabilities()))
            .setReadonlyRootfs(security.readOnlyRoot())
            .setNoNewPrivs(security.noNewPrivileges())
            .addAllMaskedPaths(security.maskedPaths())
            .addAllReadonlyPaths(security.readonlyPaths())
            .setSeccomp(profile(security.seccomp()))
            .addAllSupplementalGroups(identity.groups())
            .setSupplementalGroupsPolicy(policy(identity));
    if (identity.user() != null) {
      message.setRunAsUser(number(identity.user()));
    }
    if (identity.group() != null) {
      message.setRunAsGroup(number(identity.group()));
    }
    if (security.apparmor() != null) {
      message.setApparmor(profile(security.apparmor()));
    }
    if (security.selinux() != null) {
      message.setSelinuxOptions(label(security.selinux()));
    }
    return message.build();
  }

  private static Cri.NamespaceOption namespaces(Namespaces namespaces) {
    return Cri.NamespaceOption.newBuilder()
        .setNetwork(mode(namespaces.network()))
        .setPid(mode(namespaces.pid()))
        .setIpc(mode(namespaces.ipc()))
        .setTargetId(namespaces.target())
        .build();
  }

  private static Cri.NamespaceMode mode(Namespaces.Mode mode) {
    return switch (mode) {
      case POD -> Cri.NamespaceMode.POD;
      case CONTAINER -> Cri.NamespaceMode.CONTAINER;
      case NODE -> Cri.NamespaceMode.NODE;
      case TARGET -> Cri.NamespaceMode.TARGET;
    };
  }

  private static Cri.SupplementalGroupsPolicy policy(Identity identity) {
    return identity.strict()
        ? Cri.SupplementalGroupsPolicy.Strict
        : Cri.SupplementalGroupsPolicy.Merge;
  }

  private static Cri.SecurityProfile profile(SecurityProfile profile) {
    return switch (profile) {
      case SecurityProfile.RuntimeDefault() ->
          profile(Cri.SecurityProfile.ProfileType.RuntimeDefault);
      case SecurityProfile.Unconfined() -> profile(Cri.SecurityProfile.ProfileType.Unconfined);
      case SecurityProfile.Localhost(String name) ->
          profile(Cri.SecurityProfile.ProfileType.Localhost).toBuilder()
              .setLocalhostRef(name)
              .build();
    };
  }

  private static Cri.SecurityProfile profile(Cri.SecurityProfile.ProfileType type) {
    return Cri.SecurityProfile.newBuilder().setProfileType(type).build();
  }

  private static Cri.SELinuxOption label(SelinuxLabel label) {
    return Cri.SELinuxOption.newBuilder()
        .setUser(label.user())
        .setRole(label.role())
        .setType(label.type())
        .setLevel(label.level())
        .build();
  }

  private static Cri.Int64Value number(long value) {
    return Cri.Int64Value.newBuilder().setValue(value).build();
  }

  private static Cri.KeyValue variable(ContainerSpec.Variable variable) {
    return Cri.KeyValue.newBuilder()
        .setKey(variable.name())
        .setValue(ByteString.copyFromUtf8(variable.value()))
        .build();
  }

  private static Cri.Mount mount(ContainerSpec.Mount mount) {
    return Cri.Mount.newBuilder()
        .setContainerPath(mount.containerPath())
        .setHostPath(mount.hostPath())
        .setReadonly(mount.readonly())
        .setRecursiveReadOnly(mount.recursiveReadonly())
        .setSelinuxRelabel(mount.relabel())
        .setPropagation(
            switch (mount.propagation()) {
              case PRIVATE -> Cri.MountPropagation.PROPAGATION_PRIVATE;
              case HOST_TO_CONTAINER -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
              case BIDIRECTIONAL -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
            })
        .build();
  }

  private static Cri.Device device(ContainerSpec.Device device) {
    return Cri.Device.newBuilder()
        .setContainerPath(device.containerPath())
        .setHostPath(device.hostPath())
        .setPermissions(device.permissions())
        .build();
  }
}
