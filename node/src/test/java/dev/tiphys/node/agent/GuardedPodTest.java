package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.PodGuard;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands between Pods and the network is there before their containers, and is told of their
/// end.
class GuardedPodTest {
  private static final String SPEC =
      "containers: [{name: c, image: 'busybox:1', command: [sleep, '100000']}]";

  @TempDir Path directory;
  private VirtualNode node;
  private final List<String> calls = new ArrayList<>();
  private int refusals;
  private Duration drained = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 4);
    node.guard = new Recorder();
    node.restartAgent();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private final class Recorder implements PodGuard {
    @Override
    public void protect(Struct pod, List<String> addresses) throws CniException {
      calls.add("protect " + Meta.of(pod).name() + " " + addresses.size() + " " + running());
      if (refusals-- > 0) {
        throw new CniException("the rules of pod a: no space left");
      }
    }

    @Override
    public void drain(Struct pod) throws InterruptedException {
      calls.add("drain " + Meta.of(pod).name() + " " + running());
      node.world.sleep(drained);
    }

    @Override
    public void release(String uid) {
      calls.add("release " + running());
    }
  }

  private String running() {
    return node.containers().stream().anyMatch(c -> c.state() == ContainerState.RUNNING)
        ? "running"
        : "not running";
  }

  @Test
  void aPodIsProtectedBeforeItsContainersAndDrainedBeforeTheirEnd() {
    node.createPod("a", SPEC);
    node.advance(2);
    node.deletePod("a", 10);
    node.advance(11);

    assertThat(node.exists("a")).isFalse();
    assertThat(calls)
        .startsWith("protect a 1 not running", "drain a running", "release not running");
  }

  @Test
  void noContainerRunsUnprotected() {
    refusals = 2;

    node.createPod("a", SPEC);
    assertThat(node.containers()).isEmpty();
    node.advance(1);
    assertThat(node.containers()).isEmpty();
    node.advance(1);

    assertThat(running()).isEqualTo("running");
    assertThat(node.events("a"))
        .contains(
            "FailedCreatePodSandBox Failed to create pod sandbox: the rules of pod a: no space left");
  }

  @Test
  void aContainerIsToldToEndOnlyOnceItIsDrained() {
    drained = Duration.ofSeconds(3);
    node.createPod(
        "a",
        "containers: [{name: c, image: 'busybox:1', command: [sh, -c, \"trap 'exit 0' TERM; sleep"
            + " 100000 & wait\"]}]");
    node.advance(2);

    node.deletePod("a", 10);
    node.advance(2);
    assertThat(running()).isEqualTo("running");
    node.advance(2);

    assertThat(node.exists("a")).isFalse();
  }

  @Test
  void aPodThatIsDeletedWithoutGraceIsNotDrained() {
    node.createPod("a", SPEC);
    node.advance(2);

    node.deletePod("a", 0);
    node.advance(1);

    assertThat(calls).noneMatch(call -> call.startsWith("drain"));
  }
}
