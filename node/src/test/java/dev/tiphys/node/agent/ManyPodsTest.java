package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many Pods that come, fail and go, while the agent and the stream of events come and go too. A
/// seed that fails can be run again.
class ManyPodsTest {
  private static final List<String> COMMANDS =
      List.of(
          "[sleep, '100000']",
          "[sleep, '3']",
          "['false']",
          "[sh, -c, 'sleep 2; exit 1']",
          "[sh, -c, \"trap 'exit 0' TERM; sleep 100000 & wait\"]");
  private static final List<String> POLICIES = List.of("Always", "OnFailure", "Never");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverHappensNothingIsLeftInTheEnd(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (VirtualNode node = new VirtualNode(directory, seed)) {
      for (int step = 0; step < 40; step++) {
        step(node, random, step);
        node.advance(random.nextInt(4));
        allThatRunIsKnown(node);
      }
      for (Struct pod : pods(node)) {
        node.deletePod(pod.string("metadata", "name"), random.nextBoolean() ? 0 : 2);
      }
      node.advance(60);

      assertThat(pods(node)).isEmpty();
      assertThat(node.containers()).isEmpty();
      assertThat(node.runtime.sandboxes(Map.of())).isEmpty();
      assertThat(node.settings().data().resolve("pods")).isEmptyDirectory();
      assertThat(node.settings().data().resolve("logs/pods")).isEmptyDirectory();
    }
  }

  private static void step(VirtualNode node, SplittableRandom random, int number) throws Exception {
    switch (random.nextInt(6)) {
      case 0, 1, 2 ->
          node.createPod(
              "p" + number,
              """
              restartPolicy: %s
              terminationGracePeriodSeconds: 3
              containers:
              - {name: a, image: 'busybox:1', command: %s}
              - {name: b, image: 'busybox:1', command: %s}
              """
                  .formatted(
                      POLICIES.get(random.nextInt(POLICIES.size())),
                      COMMANDS.get(random.nextInt(COMMANDS.size())),
                      COMMANDS.get(random.nextInt(COMMANDS.size()))));
      case 3 -> {
        List<Struct> pods = pods(node);
        if (!pods.isEmpty()) {
          String name = pods.get(random.nextInt(pods.size())).string("metadata", "name");
          node.deletePod(name, random.nextInt(4) - 1);
        }
      }
      case 4 -> node.restartAgent();
      default -> node.runtime.loseEvents();
    }
  }

  private static void allThatRunIsKnown(VirtualNode node) {
    for (Struct pod : pods(node)) {
      boolean ended = List.of("Succeeded", "Failed").contains(pod.string("status", "phase"));
      long running =
          pod.structs("status", "containerStatuses").stream()
              .filter(c -> c.has("state", "running"))
              .count();
      if (ended) {
        assertThat(running).as(pod.toString()).isZero();
      }
    }
  }

  private static List<Struct> pods(VirtualNode node) {
    return node.api.list(ApiResource.PODS, "default", ListOptions.ALL).items();
  }
}
