package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.host.MountTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Volumes that are images, really mounted, in real containers.
@Tag("node")
class ImageVolumesOnNodeTest {
  private static final String POD =
      """
      terminationGracePeriodSeconds: 0
      containers:
      - name: c
        image: busybox
        imagePullPolicy: IfNotPresent
        command: [sleep, "100000"]
        volumeMounts:
        - {name: image, mountPath: /image}
        - {name: image, mountPath: /part, subPath: bin}
      volumes:
      - name: image
        image: {reference: busybox, pullPolicy: IfNotPresent}
      """;

  private static RealNode node;

  @BeforeAll
  static void start() throws Exception {
    node = RealNode.start();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void aContainerReadsWhatIsInTheImageAndCannotWriteToIt() throws Exception {
    int before = MountTable.now().at(node.settings().data()).size();
    node.createPod("reads", POD);
    node.awaitRunning("reads");

    assertThat(node.ask("reads", "c", "ls", "/image/bin/busybox"))
        .isEqualTo("/image/bin/busybox\n");
    assertThat(node.ask("reads", "c", "ls", "/part/busybox")).isEqualTo("/part/busybox\n");
    assertThat(node.ask("reads", "c", "sh", "-c", "touch /image/new 2>&1; true"))
        .contains("Read-only file system");

    node.delete("reads");
    node.eventually(() -> MountTable.now().at(node.settings().data()).size() == before);
  }
}
