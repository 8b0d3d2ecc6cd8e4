package dev.tiphys.node.agent;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.node.testing.LiveFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pods that are deleted before they have started: whatever the runtime was doing for them then,
/// nothing of them stays.
@Tag("node")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ShortLivesOnNodeTest {
  private static final int PODS = 25;
  private static final int ROUNDS = Integer.getInteger("tiphys.rounds", 2);
  private static final String SPEC =
      """
      terminationGracePeriodSeconds: 1
      containers:
      - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '100000']}
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
  void podsThatAreDeletedWhileTheyStartLeaveNothing() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < PODS; i++) {
        node.createPod("p" + round + "-" + i, SPEC);
      }
      int made = round * 7 % PODS; // each round hits other Pods at other moments of their start
      node.eventually(() -> node.node.runtime().sandboxes(Map.of()).size() >= made);
      for (int i = 0; i < PODS; i++) {
        node.api.delete(ApiResource.PODS, "default", "p" + round + "-" + i, DeleteOptions.DEFAULT);
      }
      node.eventually(
          () -> node.api.list(ApiResource.PODS, "default", ListOptions.ALL).items().isEmpty());
      node.eventually(() -> node.node.runtime().sandboxes(Map.of()).isEmpty());
      nothingIsLeft("after round " + round);
    }
  }

  @Test
  void whatIsMadeWhileContainerdIsKilledLeavesNothing() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < PODS; i++) {
        node.createPod("k" + round + "-" + i, SPEC);
      }
      int made = round * 7 % PODS;
      node.eventually(() -> networkNamespaces().size() > made);
      long pid = node.node.containerd().pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      node.eventually(() -> node.node.containerd().pid() != pid);
      for (int i = 0; i < PODS; i++) {
        node.awaitRunning("k" + round + "-" + i);
      }
      for (int i = 0; i < PODS; i++) {
        node.api.delete(ApiResource.PODS, "default", "k" + round + "-" + i, DeleteOptions.DEFAULT);
      }
      node.eventually(
          () -> node.api.list(ApiResource.PODS, "default", ListOptions.ALL).items().isEmpty());
      node.eventually(() -> node.node.runtime().sandboxes(Map.of()).isEmpty());
      nothingIsLeft("after round " + round);
    }
  }

  private static void nothingIsLeft(String when) throws Exception {
    // one that comes up after its containerd has gone is found a little later
    node.eventually(() -> shims().isEmpty(), () -> "shims " + when + ": " + shims());
    awaitNone("cgroups " + when, ShortLivesOnNodeTest::cgroups);
    awaitNone("network namespaces " + when, ShortLivesOnNodeTest::networkNamespaces);
    awaitNone("addresses " + when, ShortLivesOnNodeTest::addresses);
  }

  private static void awaitNone(String what, Callable<List<Path>> look) throws Exception {
    AtomicReference<List<Path>> left = new AtomicReference<>();
    node.eventually(
        () -> {
          left.set(look.call());
          return left.get().isEmpty();
        },
        () -> what + ": " + left.get());
  }

  private static List<Path> addresses() throws Exception {
    Path networks = node.node.data().resolve("cni/networks");
    return LiveFiles.find(
        networks, 2, file -> file.getFileName().toString().matches("[0-9]+[.].*"));
  }

  private static List<String> shims() {
    String socket = node.node.containerd().files().socket().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).contains(socket))
        .filter(process -> commandLine(process.pid()).contains("containerd-shim"))
        .map(process -> process.pid() + " " + commandLine(process.pid()).replace('\0', ' '))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (java.io.IOException e) {
      return ""; // it has ended
    }
  }

  private static List<Path> cgroups() throws Exception {
    List<Path> found = new ArrayList<>();
    for (String hierarchy : List.of("cpu", "memory", "pids")) {
      Path top = Path.of("/sys/fs/cgroup", hierarchy, node.node.cgroup(), "kubepods/besteffort");
      found.addAll(LiveFiles.find(top, 1, path -> !path.equals(top) && Files.isDirectory(path)));
    }
    return found;
  }

  private static List<Path> networkNamespaces() throws Exception {
    Path state = node.node.data().resolve("containerd/state");
    return LiveFiles.find(state, 4, file -> file.getParent().endsWith("netns"));
  }
}
