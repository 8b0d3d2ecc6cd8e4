package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.volumes.HostMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What containers see of what is mounted later: by the node, and by each other.
@Tag("node")
class MountPropagationOnNodeTest {
  private static final HostMounts MOUNTS = new HostMounts();
  private static RealNode node;
  private static Path shared;

  @BeforeAll
  static void start() throws Exception {
    node = RealNode.start();
    shared = Files.createDirectories(node.node.data().resolve("shared"));
    MOUNTS.bind(shared, shared);
    HostProgram mount = HostProgram.find("mount");
    assertThat(mount).isNotNull();
    assertThat(mount.run("--make-shared", shared.toString()).succeeded()).isTrue();
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      MOUNTS.unmount(shared);
    } finally {
      node.close();
    }
  }

  /// @param part the part of the volume that containers mount; empty for all of it
  private static void createPod(String name, Path volume, String part) {
    String mounts =
        "volumeMounts: [{name: v, mountPath: /v, mountPropagation: %%s%s}]"
            .formatted(part.isEmpty() ? "" : ", subPath: " + part);
    String container =
        """
        - name: %s
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          securityContext: {privileged: %s}
          %s
        """;
    node.createPod(
        name,
        "terminationGracePeriodSeconds: 0\ncontainers:\n"
            + container.formatted("none", true, mounts.formatted("None"))
            + container.formatted("slave", false, mounts.formatted("HostToContainer"))
            + container.formatted("peer", true, mounts.formatted("Bidirectional"))
            + "volumes: [{name: v, hostPath: {path: %s, type: Directory}}]\n".formatted(volume));
  }

  private static boolean sees(String pod, String container, String file) throws Exception {
    return node.ask(pod, container, "sh", "-c", "test -e " + file + " && echo yes").equals("yes\n");
  }

  @ParameterizedTest
  @CsvSource({"whole,''", "part,sub"})
  void mountsReachThoseThatWantThem(String name, String part) throws Exception {
    Path volume = Files.createDirectories(shared.resolve(name));
    Path seen = Files.createDirectories(part.isEmpty() ? volume : volume.resolve(part));
    Path late = Files.createDirectories(seen.resolve("late"));
    Files.createDirectories(seen.resolve("own"));
    createPod(name, volume, part);
    node.awaitRunning(name);

    assertThat(MOUNTS.mountMemory(late, 0)).isTrue();
    Files.createFile(late.resolve("file"));

    assertThat(sees(name, "none", "/v/late/file")).isFalse();
    assertThat(sees(name, "slave", "/v/late/file")).isTrue();
    assertThat(sees(name, "peer", "/v/late/file")).isTrue();

    String mounting = "mount -t tmpfs tmpfs /v/own && touch /v/own/file";
    assertThat(node.ask(name, "none", "sh", "-c", mounting)).isEmpty();
    assertThat(seen.resolve("own/file")).doesNotExist();
    assertThat(node.ask(name, "peer", "sh", "-c", mounting)).isEmpty();
    assertThat(seen.resolve("own/file")).exists();
    assertThat(sees(name, "slave", "/v/own/file")).isTrue();

    node.delete(name);
    assertThat(late.resolve("file")).exists();
    assertThat(MOUNTS.isMounted(seen.resolve("own"))).isTrue();
    node.eventually(() -> !node.settings().directories().uids().contains(name));
    node.eventually(() -> MOUNTS.at(node.settings().data().resolve("pods")).isEmpty());
  }
}
