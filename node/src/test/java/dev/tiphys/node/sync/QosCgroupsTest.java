package dev.tiphys.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QosCgroupsTest {

  @TempDir Path top;
  private final PodMetrics metrics = new PodMetrics();
  private QosCgroups cgroups;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(top.resolve("cpu"));
    Files.createDirectories(top.resolve("memory"));
    cgroups = new QosCgroups(new VirtualWorld(1), new PodCgroups(top), "/kubepods", metrics);
    cgroups.start(Map.of("cpu", Quantity.parse("4"), "memory", Quantity.parse("1Gi")));
  }

  private String shares(String cgroup) throws Exception {
    return Files.readString(top.resolve("cpu/kubepods").resolve(cgroup).resolve("cpu.shares"));
  }

  private static Pod pod(String uid, String resources) {
    return new Pod(
        Yaml.struct(
            """
            metadata: {name: a, namespace: default, uid: "%s"}
            spec: {containers: [{name: c, resources: {%s}}]}
            """
                .formatted(uid, resources)));
  }

  private static Pod burstable(String uid, String cpu) {
    return pod(uid, "requests: {cpu: %s}".formatted(cpu));
  }

  @Test
  void allPodsTogetherHaveWhatTheNodeHasForThem() throws Exception {
    assertThat(shares("")).isEqualTo("4096");
    assertThat(top.resolve("memory/kubepods/memory.limit_in_bytes")).hasContent("1073741824");
    assertThat(shares("besteffort")).isEqualTo("2");
    assertThat(shares("burstable")).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | besteffort/pod1",
        "'requests: {cpu: 1}' | burstable/pod1",
        "'requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}' | pod1"
      })
  void aPodIsInTheCgroupOfItsClass(String resources, String cgroup) throws Exception {
    cgroups.make(pod("1", resources));

    assertThat(top.resolve("cpu/kubepods").resolve(cgroup)).isDirectory();
  }

  @Test
  void burstablePodsTogetherWeighWhatTheyAskFor() throws Exception {
    cgroups.make(burstable("1", "500m"));
    cgroups.make(burstable("2", "1"));
    assertThat(shares("burstable")).isEqualTo("1536");

    cgroups.make(burstable("2", "2")); // it was resized
    assertThat(shares("burstable")).isEqualTo("2560");

    removeFilesOf("1");
    cgroups.remove("1");
    assertThat(shares("burstable")).isEqualTo("2048");

    cgroups.remove("never seen");
    assertThat(shares("burstable")).isEqualTo("2048");
  }

  /// The kernel's own files do not keep a cgroup from being removed; these would.
  private void removeFilesOf(String uid) throws Exception {
    for (String hierarchy : List.of("cpu", "memory")) {
      Path cgroup = top.resolve(hierarchy).resolve("kubepods/burstable/pod" + uid);
      try (var files = Files.list(cgroup)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void whatIsWrittenIsTheNewestSumHoweverManyComeAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<Thread> threads = new ArrayList<>();
      CountDownLatch ready = new CountDownLatch(1);
      for (int i = 0; i < 16; i++) {
        Pod pod = burstable("r" + round + "-" + i, "10m");
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        ready.await();
                        cgroups.make(pod);
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                    }));
      }
      ready.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(shares("burstable")).isEqualTo(Integer.toString((round + 1) * 160 * 1024 / 1000));
    }
  }

  @Test
  void eachChangeIsTimedByWhatIsDone() throws Exception {
    Pod pod = burstable("1", "1");
    cgroups.make(pod);
    cgroups.make(pod);
    Files.delete(
        top.resolve("cpu/kubepods/burstable/pod1/cpu.shares")); // the kernel's goes by itself
    cgroups.remove("1");
    cgroups.remove("1");

    Exposition out = new Exposition();
    metrics.write(out);
    String name = "kubelet_cgroup_manager_duration_seconds_count{operation_type=\"%s\"} ";
    assertThat(out.toString().lines())
        .contains(
            name.formatted("create") + "4", // the node's, those of two classes, and the Pod's
            name.formatted("destroy") + "1");
  }
}
