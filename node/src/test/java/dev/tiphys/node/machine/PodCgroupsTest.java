package dev.tiphys.node.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.LinuxResources;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodCgroupsTest {
  private static final LinuxResources LIMITS =
      LinuxResources.NONE.withCpu(1024, 50_000, 100_000).withMemoryLimit(1 << 20);
  @TempDir Path top;

  @Test
  void inVersionOneEachHierarchyHasItsPart() throws Exception {
    Files.createDirectories(top.resolve("cpu"));
    Files.createDirectories(top.resolve("memory"));

    new PodCgroups(top).make("/kubepods/poda", LIMITS);

    assertThat(top.resolve("cpu/kubepods/poda/cpu.shares")).hasContent("1024");
    assertThat(top.resolve("cpu/kubepods/poda/cpu.cfs_quota_us")).hasContent("50000");
    assertThat(top.resolve("memory/kubepods/poda/memory.limit_in_bytes")).hasContent("1048576");
  }

  @Test
  void inVersionTwoThereIsOneForAll() throws Exception {
    Files.createFile(top.resolve("cgroup.controllers"));

    new PodCgroups(top).make("/kubepods/poda", LIMITS);

    assertThat(top.resolve("kubepods/poda/cpu.weight")).hasContent("39");
    assertThat(top.resolve("kubepods/poda/cpu.max")).hasContent("50000 100000");
    assertThat(top.resolve("kubepods/poda/memory.max")).hasContent("1048576");
  }

  @Test
  void whatIsRemovedIsGoneEverywhere() throws Exception {
    Files.createDirectories(top.resolve("cpu/kubepods/poda/inner"));
    Files.createDirectories(top.resolve("pids/kubepods/poda"));

    new PodCgroups(top).remove("/kubepods/poda");

    assertThat(top.resolve("cpu/kubepods/poda")).doesNotExist();
    assertThat(top.resolve("pids/kubepods/poda")).doesNotExist();
  }
}
