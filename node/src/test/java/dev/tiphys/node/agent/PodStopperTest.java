package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.ContainerState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// In which order, and how fast, the containers of a Pod are stopped.
class PodStopperTest {

  /// Ends at once when it is told to.
  private static final String POLITE = "[sh, -c, \"trap 'exit 0' TERM; sleep 100000 & wait\"]";

  /// Does not end before it is killed.
  private static final String STUBBORN = "[sleep, '100000']";

  @TempDir Path directory;
  private VirtualNode node;
  private Instant begin;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 4);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /// After how many seconds each container had ended, by name.
  private Map<String, Long> ends() throws Exception {
    Map<String, Long> ends = new TreeMap<>();
    for (var container : node.containers()) {
      if (container.state() == ContainerState.EXITED) {
        Instant finished = node.runtime.containerStatus(container.id()).finished();
        ends.put(container.name().name(), Duration.between(begin, finished).toSeconds());
      }
    }
    return ends;
  }

  private void delete(long grace) {
    begin = node.world.now();
    node.deletePod("a", grace);
  }

  private void create(String spec) {
    node.createPod("a", spec);
    node.advance(5);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void regularContainersEndTogetherAndSideCarsAfterThemInReverse() throws Exception {
    create(
        """
        terminationGracePeriodSeconds: 20
        initContainers:
        - {name: first, restartPolicy: Always, image: 'busybox:1', command: %s}
        - {name: second, restartPolicy: Always, image: 'busybox:1', command: %s}
        containers:
        - {name: a, image: 'busybox:1', command: %s}
        - {name: b, image: 'busybox:1', command: ["sh", "-c", "sleep 5; sleep 100000"]}
        """
            .formatted(POLITE, POLITE, POLITE));

    delete(-1);
    node.advance(19);
    assertThat(ends()).containsOnlyKeys("a");
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // grace of the Pod, grace of the deletion, seconds until it is gone
    "30, -1, 30",
    "30, 10, 10",
    "30, 60, 60",
    "30, 1, 1"
  })
  void aContainerHasTheGraceOfTheDeletion(long own, long given, long seconds) {
    create(
        """
        terminationGracePeriodSeconds: %d
        containers: [{name: c, image: 'busybox:1', command: %s}]
        """
            .formatted(own, STUBBORN));

    delete(given);
    node.advance(seconds - 1);
    assertThat(node.exists("a")).isTrue();
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // first grace, after seconds, second grace, seconds from then until it is gone
    "100, 10, 5, 5",
    "100, 10, 1, 1",
    "20, 15, 30, 5"
  })
  void aSecondDeletionCanOnlyShortenTheGrace(long first, long after, long second, long seconds) {
    create(
        """
        terminationGracePeriodSeconds: 30
        containers: [{name: c, image: 'busybox:1', command: %s}]
        """
            .formatted(STUBBORN));

    delete(first);
    node.advance(after);
    node.deletePod("a", second);
    node.advance(seconds - 1);
    assertThat(node.exists("a")).isTrue();
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // seconds of the hook, grace, seconds until the container is gone
    "5, 30, 30",
    "100, 10, 12",
    "9, 10, 11"
  })
  void aHookTakesFromTheGraceAndTwoSecondsAreAlwaysLeft(long hook, long grace, long seconds) {
    create(
        """
        terminationGracePeriodSeconds: %d
        containers:
        - name: c
          image: busybox:1
          command: %s
          lifecycle: {preStop: {exec: {command: [sleep, '%d']}}}
        """
            .formatted(grace, STUBBORN, hook));

    delete(-1);
    node.advance(seconds - 1);
    assertThat(node.exists("a")).isTrue();
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
  }

  @Test
  void aHookThatFailsIsToldAndTheContainerEnds() {
    create(
        """
        terminationGracePeriodSeconds: 5
        containers:
        - name: c
          image: busybox:1
          command: %s
          lifecycle: {preStop: {exec: {command: ['false']}}}
        """
            .formatted(POLITE));

    delete(-1);
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
    assertThat(node.events("a"))
        .contains("Killing Stopping container c", "FailedPreStopHook PreStopHook failed");
  }
}
