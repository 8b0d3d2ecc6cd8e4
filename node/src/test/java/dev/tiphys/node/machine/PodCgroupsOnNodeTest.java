package dev.tiphys.node.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.runtime.spec.LinuxResources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Version 2 as the kernel has it, on a mount of our own. Where version 1 has the controllers there
/// are none in it, which is what a controller that cannot be handed down looks like.
@Tag("node")
class PodCgroupsOnNodeTest {

  private static final LinuxResources LIMITS =
      LinuxResources.NONE.withCpu(1024, 50_000, 100_000).withMemoryLimit(1 << 26);
  private static final String NAME = "/tiphys-test-" + ProcessHandle.current().pid();

  @TempDir Path mount;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    HostProgram program = HostProgram.find("mount");
    mounted = program != null && program.run("-t", "cgroup2", "none", mount.toString()).succeeded();
    assumeTrue(mounted, "the kernel gives no mount of version 2");
  }

  @AfterEach
  void unmount() throws Exception {
    HostProgram program = HostProgram.find("umount");
    if (mounted && program != null) {
      new PodCgroups(mount).remove(NAME);
      program.run(mount.toString());
    }
  }

  @Test
  void limitsHoldAsFarAsThereAreControllersForThem() throws Exception {
    PodCgroups cgroups = new PodCgroups(mount);

    cgroups.make(NAME + "/poda", LIMITS);

    Path made = mount.resolve(NAME.substring(1)).resolve("poda");
    List<String> controllers =
        List.of(Files.readString(mount.resolve("cgroup.controllers")).strip().split(" "));
    assertThat(made).isDirectory();
    if (controllers.contains("cpu")) {
      assertThat(made.resolve("cpu.max")).hasContent("50000 100000");
    }
    if (controllers.contains("memory")) {
      assertThat(made.resolve("memory.max")).hasContent(Integer.toString(1 << 26));
    }
  }

  @Test
  void whatRunsInARemovedCgroupIsKilledAndTheCgroupGoes() throws Exception {
    PodCgroups cgroups = new PodCgroups(mount);
    cgroups.make(NAME + "/poda/container", LIMITS);
    Path container = mount.resolve(NAME.substring(1)).resolve("poda/container");
    Process process = new ProcessBuilder("sleep", "100000").start();
    Files.writeString(container.resolve("cgroup.procs"), Long.toString(process.pid()));

    // the kernel takes a moment to let go of a process, as the caller knows
    for (int attempt = 0; Files.exists(container); attempt++) {
      try {
        cgroups.remove(NAME + "/poda");
      } catch (java.io.IOException e) {
        assertThat(attempt).isLessThan(1000);
        process.waitFor();
      }
    }

    assertThat(process.waitFor()).isEqualTo(137);
    assertThat(container.getParent()).doesNotExist();
  }
}
