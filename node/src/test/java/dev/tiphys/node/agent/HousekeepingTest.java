package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.node.runtime.spec.SandboxSecurity;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
  private static final String RUNNING =
      "containers: [{name: c, image: 'busybox:1', command: [sleep, '100000']}]";

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 5);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Path leave(String uid) throws Exception {
    Path pod = node.settings().directories().pod(uid);
    Files.createDirectories(pod.resolve("volumes/kubernetes.io~empty-dir/v"));
    Files.writeString(pod.resolve("etc-hosts"), "127.0.0.1 localhost");
    Path logs = node.settings().directories().logs("default", "a", uid);
    Files.createDirectories(logs.resolve("c"));
    return pod;
  }

  @Test
  void directoriesOfPodsThatAreGoneAreRemovedAndThoseOfOthersStay() throws Exception {
    Path gone = leave("gone");
    node.createPod("b", RUNNING);
    String uid = node.pod("b").string("metadata", "uid");

    node.advance(11);

    assertThat(gone).doesNotExist();
    assertThat(node.settings().directories().logs()).containsOnlyKeys(uid);
    assertThat(node.settings().directories().uids()).containsExactly(uid);
  }

  @Test
  void oneThatCannotBeRemovedDoesNotKeepTheOthers() throws Exception {
    for (String uid : List.of("a", "b", "c", "d")) {
      leave(uid);
    }
    // a cgroup in use: the directory that holds it cannot be removed
    Path inUse = Files.createDirectories(node.cgroups().resolve("cpu/kubepods/podb"));
    Files.createFile(inUse.resolve("busy"));

    node.advance(11);
    assertThat(node.settings().directories().uids()).containsExactly("b");

    Files.delete(inUse.resolve("busy"));
    node.advance(11);
    assertThat(node.settings().directories().uids()).isEmpty();
    assertThat(inUse).doesNotExist();
  }

  @Test
  void sandboxesOfPodsThatAreGoneAreRemovedIfThisNodeMadeThem() throws Exception {
    String ours = node.runtime.runSandbox(sandbox("ours", "node-1"));
    String otherNodes = node.runtime.runSandbox(sandbox("theirs", "node-2"));
    String nobodys = node.runtime.runSandbox(sandbox("unknown", ""));

    node.advance(21);

    assertThat(node.runtime.sandboxes(Map.of()))
        .extracting(s -> s.id())
        .doesNotContain(ours)
        .contains(otherNodes, nobodys);
  }

  private static SandboxSpec sandbox(String uid, String owner) {
    SandboxName name = new SandboxName(uid, "default", uid, 0);
    Map<String, String> labels = new HashMap<>(PodLabels.ofSandbox(name));
    if (!owner.isEmpty()) {
      labels.put(PodLabels.NODE, owner);
    }
    return new SandboxSpec(
        name,
        uid,
        "/logs",
        null,
        List.of(),
        labels,
        Map.of(),
        "/pod" + uid,
        Map.of(),
        SandboxSecurity.DEFAULT,
        "");
  }
}
