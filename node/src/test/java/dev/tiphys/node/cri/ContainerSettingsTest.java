package dev.tiphys.node.cri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeEvent;
import dev.tiphys.node.runtime.RuntimeEvents;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.ContainerSecurity;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.ContainerSpec.Mount;
import dev.tiphys.node.runtime.spec.ContainerSpec.Propagation;
import dev.tiphys.node.runtime.spec.ContainerSpec.Stdin;
import dev.tiphys.node.runtime.spec.ContainerSpec.Variable;
import dev.tiphys.node.runtime.spec.Identity;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxSecurity;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.runtime.spec.SecurityProfile;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// That what a spec says is so in the container.
@Tag("node")
class ContainerSettingsTest {

  private static TestNode node;
  private static TestContainers containers;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.startWithBusybox();
    containers = new TestContainers(node);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @AfterEach
  void removeEverything() throws Exception {
    for (var sandbox : runtime().sandboxes(Map.of())) {
      runtime().removeSandbox(sandbox.id());
    }
  }

  @Test
  void limitsAreInTheCgroup() throws Exception {
    LinuxResources resources =
        LinuxResources.NONE.withCpu(512, 50_000, 100_000).withMemoryLimit(64 << 20);

    String id = containers.run("a", resources, "sleep", "3600");

    assertThat(memoryLimit(id)).isEqualTo(Long.toString(64 << 20));
    assertThat(cpuQuota(id)).isEqualTo("50000");
  }

  @Test
  void limitsCanBeChangedWhileTheContainerRuns() throws Exception {
    String id = containers.run("a", LinuxResources.NONE.withMemoryLimit(64 << 20), "sleep", "3600");

    runtime().updateResources(id, LinuxResources.NONE.withMemoryLimit(128 << 20));

    assertThat(memoryLimit(id)).isEqualTo(Long.toString(128 << 20));
  }

  @Test
  void theCgroupIsBelowTheParent() throws Exception {
    String id = containers.run("a", "sleep", "3600");

    assertThat(cgroup(id, "memory")).isEqualTo(node.cgroup() + "/" + id);
  }

  @Test
  void whoUsesTooMuchMemoryIsKilledAndThatIsTold() throws Exception {
    try (RuntimeEvents events = runtime().events()) {
      String id =
          containers.run(
              "a",
              LinuxResources.NONE.withMemoryLimit(16 << 20),
              "sh",
              "-c",
              "until [ -e /tmp/go ]; do sleep 0.1; done; exec dd if=/dev/zero of=/dev/null bs=256M");
      // The runtime begins to watch when the container has started.
      assertThat(containers.ask(id, "touch", "/tmp/go")).isEmpty();
      List<RuntimeEvent.Kind> kinds = new ArrayList<>();
      while (!kinds.contains(RuntimeEvent.Kind.CONTAINER_OUT_OF_MEMORY)
          || !kinds.contains(RuntimeEvent.Kind.CONTAINER_EXITED)) {
        RuntimeEvent event = events.next();
        assertThat(event.id()).isEqualTo(id);
        kinds.add(event.kind());
      }
      containers.eventually(() -> runtime().containerStatus(id).reason().equals("OOMKilled"));
      ContainerStatus status = runtime().containerStatus(id);
      assertThat(status.exitCode()).isEqualTo(137);
    }
  }

  @Test
  void oomScoreIsSet() throws Exception {
    String id = containers.run("a", LinuxResources.NONE.withOomScoreAdj(950), "sleep", "3600");

    assertThat(containers.ask(id, "cat", "/proc/1/oom_score_adj")).isEqualTo("950\n");
  }

  @Test
  void theProcessHasItsSurroundings() throws Exception {
    SandboxSpec sandbox = containers.spec("a");
    Path hostFile = Files.writeString(node.data().resolve("file"), "hello");
    Path hostDirectory = Files.createDirectories(node.data().resolve("directory"));
    ContainerSpec plain = Specs.container(sandbox, "c", "sleep", "3600");
    ContainerSpec container =
        new ContainerSpec(
            plain.name(),
            plain.image(),
            plain.userImage(),
            new ContainerSpec.Process(
                List.of("sleep"),
                List.of("3600"),
                "/tmp",
                List.of(new Variable("GREETING", "hello ü")),
                Stdin.NONE,
                false,
                ""),
            List.of(
                new Mount(
                    "/mnt/file", hostFile.toString(), true, false, Propagation.PRIVATE, false),
                new Mount(
                    "/mnt/directory",
                    hostDirectory.toString(),
                    false,
                    false,
                    Propagation.PRIVATE,
                    false)),
            List.of(),
            plain.labels(),
            plain.annotations(),
            plain.logPath(),
            plain.resources(),
            plain.security());

    String id = containers.run(sandbox, container);

    assertThat(containers.ask(id, "hostname")).isEqualTo("a\n");
    assertThat(containers.ask(id, "readlink", "/proc/1/cwd")).isEqualTo("/tmp\n");
    assertThat(containers.ask(id, "sh", "-c", "echo $GREETING")).isEqualTo("hello ü\n");
    assertThat(containers.ask(id, "cat", "/mnt/file")).isEqualTo("hello");
    assertThat(containers.ask(id, "sh", "-c", "echo no > /mnt/file")).contains("Read-only");
    containers.ask(id, "sh", "-c", "echo yes > /mnt/directory/answer");
    assertThat(hostDirectory.resolve("answer")).hasContent("yes\n");
  }

  @Test
  void namesAreResolvedAsTheSpecSays() throws Exception {
    SandboxSpec plain = containers.spec("a");
    SandboxSpec sandbox =
        new SandboxSpec(
            plain.name(),
            plain.hostname(),
            plain.logDirectory(),
            new SandboxSpec.Dns(
                List.of("10.96.0.10"), List.of("default.svc.cluster.local"), List.of("ndots:5")),
            plain.ports(),
            plain.labels(),
            plain.annotations(),
            plain.cgroupParent(),
            Map.of("net.ipv4.ip_local_port_range", "40000 40100"),
            plain.security(),
            "");

    String id = containers.run(sandbox, Specs.container(sandbox, "c", "sleep", "3600"));

    assertThat(containers.ask(id, "cat", "/etc/resolv.conf"))
        .contains("nameserver 10.96.0.10", "search default.svc.cluster.local", "options ndots:5");
    assertThat(containers.ask(id, "cat", "/proc/sys/net/ipv4/ip_local_port_range"))
        .isEqualTo("40000\t40100\n");
    assertThat(containers.ask(id, "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"))
        .as("low ports need no privilege")
        .isEqualTo("0\n");
  }

  @Test
  void rightsAreTakenAway() throws Exception {
    SandboxSpec sandbox = containers.spec("a");
    ContainerSecurity security =
        new ContainerSecurity(
            Namespaces.OF_POD,
            new Identity(1000L, 2000L, List.of(3000L), false),
            false,
            List.of("NET_ADMIN"),
            List.of("ALL"),
            true,
            true,
            ContainerSecurity.MASKED_PATHS,
            ContainerSecurity.READONLY_PATHS,
            SecurityProfile.RUNTIME_DEFAULT,
            null,
            null);

    String id =
        containers.run(
            sandbox, Specs.withSecurity(Specs.container(sandbox, "c", "sleep", "3600"), security));

    assertThat(containers.ask(id, "id")).isEqualTo("uid=1000 gid=2000 groups=2000,3000\n");
    assertThat(containers.ask(id, "touch", "/here")).contains("Read-only");
    assertThat(containers.ask(id, "grep", "NoNewPrivs", "/proc/1/status")).endsWith("1\n");
    assertThat(containers.ask(id, "grep", "Seccomp:", "/proc/1/status")).endsWith("2\n");
    assertThat(containers.ask(id, "grep", "CapBnd", "/proc/1/status"))
        .as("NET_ADMIN alone")
        .endsWith("0000000000001000\n");
    assertThat(containers.ask(id, "wc", "-c", "/proc/timer_list")).startsWith("0 ");
  }

  @Test
  void privilegedContainersHaveEverything() throws Exception {
    SandboxSpec plain = containers.spec("a");
    SandboxSecurity privileged =
        new SandboxSecurity(
            Namespaces.OF_POD,
            Identity.OF_IMAGE,
            true,
            false,
            SecurityProfile.UNCONFINED,
            null,
            null);
    SandboxSpec sandbox =
        new SandboxSpec(
            plain.name(),
            plain.hostname(),
            plain.logDirectory(),
            null,
            List.of(),
            plain.labels(),
            plain.annotations(),
            plain.cgroupParent(),
            Map.of(),
            privileged,
            "");
    ContainerSecurity security =
        new ContainerSecurity(
            Namespaces.OF_POD,
            Identity.OF_IMAGE,
            true,
            List.of(),
            List.of(),
            false,
            false,
            List.of(),
            List.of(),
            SecurityProfile.UNCONFINED,
            null,
            null);

    String id =
        containers.run(
            sandbox, Specs.withSecurity(Specs.container(sandbox, "c", "sleep", "3600"), security));

    assertThat(containers.ask(id, "grep", "CapEff", "/proc/1/status"))
        .endsWith(
            Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff"))
                    .findFirst()
                    .orElseThrow()
                    .substring("CapEff:\t".length())
                + "\n");
    assertThat(containers.ask(id, "mount", "-t", "tmpfs", "none", "/tmp")).isEmpty();
  }

  @Test
  void processesOfAPodCanBeShared() throws Exception {
    SandboxSpec plain = containers.spec("a");
    Namespaces shared =
        new Namespaces(Namespaces.Mode.POD, Namespaces.Mode.POD, Namespaces.Mode.POD, "");
    SandboxSpec sandbox =
        new SandboxSpec(
            plain.name(),
            plain.hostname(),
            plain.logDirectory(),
            null,
            List.of(),
            plain.labels(),
            plain.annotations(),
            plain.cgroupParent(),
            Map.of(),
            new SandboxSecurity(
                shared,
                Identity.OF_IMAGE,
                false,
                false,
                SecurityProfile.RUNTIME_DEFAULT,
                null,
                null),
            "");
    ContainerSecurity d = ContainerSecurity.DEFAULT;
    ContainerSecurity security =
        new ContainerSecurity(
            shared,
            d.identity(),
            false,
            List.of(),
            List.of(),
            false,
            false,
            d.maskedPaths(),
            d.readonlyPaths(),
            d.seccomp(),
            null,
            null);

    // An orphan becomes a child of the sandbox's own process, which must clear it away.
    String id =
        containers.run(
            sandbox,
            Specs.withSecurity(
                Specs.container(
                    sandbox,
                    new ContainerName("c", 0),
                    LinuxResources.NONE,
                    "sh",
                    "-c",
                    "(sleep 0.1 &); sleep 3600"),
                security));

    assertThat(containers.ask(id, "cat", "/proc/1/cmdline")).startsWith("/pause");
    containers.eventually(
        () -> {
          String processes = containers.ask(id, "ps", "-o", "stat,args");
          return !processes.contains("0.1") && !processes.contains("Z ");
        });
  }

  private String memoryLimit(String id) throws Exception {
    return file(id, "memory", "memory.limit_in_bytes", "memory.max");
  }

  private String cpuQuota(String id) throws Exception {
    return file(id, "cpu", "cpu.cfs_quota_us", "cpu.max").split(" ")[0];
  }

  /// The content of a file of the container's cgroup, under its name in version 1 or 2.
  private String file(String id, String controller, String v1, String v2) throws Exception {
    String path = cgroup(id, controller).substring(1);
    Path old = Path.of("/sys/fs/cgroup", controller, path, v1);
    return Files.readString(Files.exists(old) ? old : Path.of("/sys/fs/cgroup", path, v2)).strip();
  }

  private String cgroup(String id, String controller) throws Exception {
    String pid = Long.toString(pid(id));
    return Files.readAllLines(Path.of("/proc", pid, "cgroup")).stream()
        .filter(line -> line.contains(":" + controller + ":") || line.startsWith("0::"))
        .findFirst()
        .map(line -> line.substring(line.lastIndexOf(':') + 1))
        .orElseThrow();
  }

  /// The process on the node that is the container's first.
  private static long pid(String id) throws Exception {
    Path file =
        node.data()
            .resolve("containerd/state/io.containerd.runtime.v2.task/k8s.io")
            .resolve(id)
            .resolve("init.pid");
    return Long.parseLong(Files.readString(file));
  }

  private static ContainerRuntime runtime() {
    return node.runtime();
  }
}
