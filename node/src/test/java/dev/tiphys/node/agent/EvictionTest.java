package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pods that go because they take too much, or because the node has too little.
class EvictionTest {
  private static final String POD =
      """
      terminationGracePeriodSeconds: 60
      priority: 0
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: tmp, mountPath: /scratch}]
      volumes: [{name: tmp, emptyDir: {%s}}]
      """;

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 13);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void write(String pod, int bytes) throws Exception {
    String uid = Meta.of(node.pod(pod)).uid();
    Path place = node.settings().directories().volume(uid, "kubernetes.io~empty-dir", "tmp");
    Files.write(place.resolve("file"), new byte[bytes]);
  }

  private String reason(String pod) {
    Struct status = node.pod(pod).struct("status");
    return status.string("phase") + " " + status.string("reason");
  }

  private boolean holds(String condition) {
    return Meta.isTrue(node.api.get(ApiResource.NODES, "", "node-1"), condition);
  }

  @Test
  void aPodThatFillsItsVolumeGoesAndNoOther() throws Exception {
    node.createPod("fills", POD.formatted("sizeLimit: 64Ki"));
    node.createPod("other", POD.formatted("sizeLimit: 1Mi"));
    write("fills", 100_000);
    write("other", 100_000);
    node.advance(12);

    String message = "Usage of EmptyDir volume \"tmp\" exceeds the limit \"64Ki\". ";
    assertThat(reason("fills")).isEqualTo("Failed Evicted");
    assertThat(node.pod("fills").string("status", "message")).isEqualTo(message);
    assertThat(Meta.condition(node.pod("fills"), "DisruptionTarget")).isNull();
    assertThat(node.events("fills")).contains("Evicted " + message);
    assertThat(node.pod("other").string("status", "phase")).isEqualTo("Running");
    assertThat(holds("DiskPressure")).isFalse();
    String uid = Meta.of(node.pod("fills")).uid();
    assertThat(node.settings().directories().pod(uid).resolve("volumes")).doesNotExist();
  }

  @Test
  void aNodeThatIsFullLetsTheOneGoThatFilledIt() throws Exception {
    node.create(ApiResource.PRIORITY_CLASSES, "{metadata: {name: high}, value: 5}");
    node.createPod("fills", POD.formatted(""));
    node.createPod("other", POD.formatted(""));
    node.createPod("needed", POD.formatted("").replace("priority: 0", "priorityClassName: high"));
    write("fills", 100_000);
    write("other", 1_000);
    write("needed", 200_000);
    node.leave(4096, 12);
    node.advance(12);

    assertThat(reason("fills")).isEqualTo("Failed Evicted");
    assertThat(node.pod("fills").string("status", "message"))
        .startsWith(
            "The node was low on resource: ephemeral-storage. Threshold quantity: 15Gi, available:"
                + " 12Gi. ");
    assertThat(Meta.condition(node.pod("fills"), "DisruptionTarget"))
        .isNotNull()
        .extracting(condition -> condition.string("reason"))
        .isEqualTo("TerminationByKubelet");
    assertThat(node.pod("other").string("status", "phase")).isEqualTo("Running");
    assertThat(node.events("node-1"))
        .contains("EvictionThresholdMet Attempting to reclaim ephemeral-storage");

    node.leave(4096, 50);
    node.advance(20);
    assertThat(holds("DiskPressure")).isTrue();
    node.createPod("late", POD.formatted(""));
    assertThat(reason("late")).isEqualTo("Failed Evicted");
    assertThat(node.pod("late").string("status", "message"))
        .isEqualTo("Pod was rejected: The node had condition: [DiskPressure]. ");

    node.advance(301);
    assertThat(holds("DiskPressure")).isFalse();
    assertThat(node.pod("other").string("status", "phase")).isEqualTo("Running");
    assertThat(node.pod("needed").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void withLittleMemoryPodsThatAskForNoneAreNotTaken() {
    node.leave(50, 50);
    node.advance(12);
    assertThat(holds("MemoryPressure")).isTrue();

    node.createPod("any", POD.formatted(""));
    String asks = "image: busybox:1\n  resources: {requests: {memory: 1Mi}}";
    node.createPod("asks", POD.formatted("").replace("image: busybox:1", asks));
    String tolerates =
        "priority: 0\ntolerations: [{key: node.kubernetes.io/memory-pressure, operator: Exists}]";
    node.createPod("tolerates", POD.formatted("").replace("priority: 0", tolerates));

    assertThat(reason("any")).isEqualTo("Failed Evicted");
    assertThat(node.pod("asks").string("status", "phase")).isEqualTo("Running");
    assertThat(node.pod("tolerates").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void whatTheClusterNeedsIsNotEvicted() throws Exception {
    node.create(
        ApiResource.PODS,
        "metadata: {name: critical}\nspec:\n"
            + POD.formatted("sizeLimit: 64Ki")
                .replace("priority: 0", "priorityClassName: system-node-critical")
                .indent(2));
    write("critical", 100_000);
    node.leave(4096, 1);
    node.advance(60);

    assertThat(node.pod("critical").string("status", "phase")).isEqualTo("Running");
  }
}
