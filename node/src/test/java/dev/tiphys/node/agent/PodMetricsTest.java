package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.api.Meta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is counted of Pods, under upstream's names and labels.
class PodMetricsTest {

  private static final String POD =
      """
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: tmp, mountPath: /scratch}]
      volumes: [{name: tmp, emptyDir: {sizeLimit: 64Ki}}]
      """;

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 7);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private List<String> metrics() {
    Exposition out = new Exposition();
    node.agent().write(out);
    return out.toString().lines().toList();
  }

  private static String work(String operation) {
    return "kubelet_pod_worker_duration_seconds_count{operation_type=\"%s\"} 1"
        .formatted(operation);
  }

  @Test
  void aPodThatStartsAndGoesIsTimed() {
    node.createPod("a", POD);
    node.advance(120);

    assertThat(metrics())
        .contains("kubelet_pod_start_duration_seconds_count 1", work("create"))
        .anyMatch(
            line ->
                line.startsWith(
                    "kubelet_pod_worker_duration_seconds_bucket{operation_type=\"sync\","));

    node.api.delete(ApiResource.PODS, "default", "a", DeleteOptions.DEFAULT);
    node.advance(10);

    assertThat(metrics())
        .contains("kubelet_pod_start_duration_seconds_count 1")
        .anyMatch(
            line ->
                line.startsWith(
                    "kubelet_pod_worker_duration_seconds_count{operation_type=\"terminated\"}"));
  }

  @Test
  void aPodThatIsEvictedIsCountedByWhatItGoesFor() throws Exception {
    node.createPod("fills", POD);
    String uid = Meta.of(node.pod("fills")).uid();
    Path volume = node.settings().directories().volume(uid, "kubernetes.io~empty-dir", "tmp");
    Files.write(volume.resolve("file"), new byte[100_000]);
    node.advance(12);

    assertThat(metrics()).contains("kubelet_evictions{eviction_signal=\"emptydirfs.limit\"} 1");
  }
}
