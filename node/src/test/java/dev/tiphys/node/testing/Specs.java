package dev.tiphys.node.testing;

import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.ContainerSecurity;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.Identity;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.node.runtime.spec.SandboxSecurity;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.runtime.spec.SecurityProfile;
import java.util.List;
import java.util.Map;

/// Sandboxes and containers as plain Pods have them.
public final class Specs {

  public static final String IMAGE = "docker.io/library/busybox:latest";

  private Specs() {}

  public static SandboxSpec sandbox(String name, String cgroup, String logs) {
    SandboxName full = new SandboxName(name, "default", "uid-" + name, 0);
    return new SandboxSpec(
        full,
        name,
        logs,
        null,
        List.of(),
        PodLabels.ofSandbox(full),
        Map.of("note", "of " + name),
        cgroup,
        Map.of(),
        SandboxSecurity.DEFAULT,
        "");
  }

  public static ContainerSpec container(SandboxSpec sandbox, String name, String... command) {
    return container(sandbox, new ContainerName(name, 0), LinuxResources.NONE, command);
  }

  public static ContainerSpec container(
      SandboxSpec sandbox, ContainerName name, LinuxResources resources, String... command) {
    return new ContainerSpec(
        name,
        IMAGE,
        "busybox",
        new ContainerSpec.Process(
            List.of(command), List.of(), "", List.of(), ContainerSpec.Stdin.NONE, false, ""),
        List.of(),
        List.of(),
        PodLabels.ofContainer(sandbox.name(), name.name()),
        Map.of("note", "of " + name.name()),
        name.name() + "_" + name.attempt() + ".log",
        resources,
        ContainerSecurity.DEFAULT);
  }

  public static ContainerSpec withImage(ContainerSpec spec, String image) {
    return new ContainerSpec(
        spec.name(),
        image,
        image,
        spec.process(),
        spec.mounts(),
        spec.devices(),
        spec.labels(),
        spec.annotations(),
        spec.logPath(),
        spec.resources(),
        spec.security());
  }

  public static ContainerSpec withSecurity(ContainerSpec spec, ContainerSecurity security) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.userImage(),
        spec.process(),
        spec.mounts(),
        spec.devices(),
        spec.labels(),
        spec.annotations(),
        spec.logPath(),
        spec.resources(),
        security);
  }

  public static SandboxSpec onNodesNetwork(SandboxSpec spec) {
    Namespaces namespaces =
        new Namespaces(Namespaces.Mode.NODE, Namespaces.Mode.CONTAINER, Namespaces.Mode.POD, "");
    return new SandboxSpec(
        spec.name(),
        "",
        spec.logDirectory(),
        spec.dns(),
        spec.ports(),
        spec.labels(),
        spec.annotations(),
        spec.cgroupParent(),
        spec.sysctls(),
        new SandboxSecurity(
            namespaces,
            Identity.OF_IMAGE,
            false,
            false,
            SecurityProfile.RUNTIME_DEFAULT,
            null,
            null),
        spec.handler());
  }
}
