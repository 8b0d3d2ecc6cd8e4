package dev.tiphys.node.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tiphys.node.runtime.spec.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    FakeCgroups kernel = new FakeCgroups("cpu", "memory", "pids", "rdma");

    new PodCgroups(kernel, FakeCgroups.TOP).make("/kubepods/poda", LIMITS);

    assertThat(kernel.at("kubepods/poda").written)
        .containsExactly(
            entry("cpu.max", "50000 100000"),
            entry("cpu.weight", "39"),
            entry("memory.max", "1048576"));
    assertThat(kernel.at("kubepods").handedDown).containsExactly("cpu", "memory", "pids");
  }

  @Test
  void aControllerThatIsNotThereKeepsNoOtherLimitFromHolding() throws Exception {
    FakeCgroups kernel = new FakeCgroups("memory");

    new PodCgroups(kernel, FakeCgroups.TOP).make("/kubepods/poda", LIMITS);

    assertThat(kernel.at("kubepods/poda").written).containsExactly(entry("memory.max", "1048576"));
  }

  @Test
  void aCgroupWithProcessesOfItsOwnHandsNothingDownAndThePodStartsWithoutLimits() throws Exception {
    FakeCgroups kernel = new FakeCgroups("cpu", "memory");
    kernel.makeDirectories(FakeCgroups.TOP.resolve("kubepods"));
    kernel.at("kubepods").processes.add(17L);

    new PodCgroups(kernel, FakeCgroups.TOP).make("/kubepods/poda", LIMITS);

    assertThat(kernel.at("kubepods/poda").written).isEmpty();
    assertThat(kernel.killed).isEmpty();
  }

  @Test
  void whatStillRunsInARemovedCgroupIsKilled() throws Exception {
    FakeCgroups kernel = new FakeCgroups("cpu", "memory");
    PodCgroups cgroups = new PodCgroups(kernel, FakeCgroups.TOP);
    cgroups.make("/kubepods/poda/container", LIMITS);
    kernel.at("kubepods/poda/container").processes.add(17L);

    cgroups.remove("/kubepods/poda");

    assertThat(kernel.killed).containsExactly(17L);
    assertThat(kernel.isDirectory(FakeCgroups.TOP.resolve("kubepods/poda"))).isFalse();
    assertThat(kernel.isDirectory(FakeCgroups.TOP.resolve("kubepods"))).isTrue();
  }

  @Test
  void cgroupsThatVanishWhileTheyAreRemovedAreAsGoodAsRemoved() throws Exception {
    Path pod = Files.createDirectories(top.resolve("cpu/kubepods/poda"));
    for (int i = 0; i < 3; i++) {
      Files.createDirectories(pod.resolve("container" + i));
    }
    CgroupFiles vanishing =
        new CgroupFiles() {
          @Override
          List<Path> directories(Path directory) throws IOException {
            List<Path> found = super.directories(directory);
            if (directory.equals(pod)) {
              for (Path container : found) {
                Files.delete(container); // as the runtime does at this moment
              }
              Files.deleteIfExists(pod);
            }
            return found;
          }
        };

    new PodCgroups(vanishing, top).remove("/kubepods/poda");

    assertThat(pod).doesNotExist();
    new PodCgroups(vanishing, top).remove("/kubepods/poda");
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
