package dev.tiphys.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.api.Test;

class ContainerChoiceTest {

  /// The container `c` of a Pod with this status.
  private static ContainerChoice choice(String status) {
    Struct pod =
        Json.struct(
            """
            {"metadata":{"name":"p"},"status":{"containerStatuses":[{"name":"c",%s}]}}
            """
                .formatted(status));
    return new ContainerChoice(pod, "c");
  }

  @Test
  void ofOneThatRunsTheLogOfThisRunIsMeant() throws Refusal {
    ContainerChoice running =
        choice("\"state\":{\"running\":{}},\"containerID\":\"containerd://now\"");

    assertThat(running.logged(false)).isEqualTo("now");
    assertThat(running.running()).isEqualTo("now");
  }

  @Test
  void ofOneThatRestsTheLogOfTheLastRunIsMeant() throws Refusal {
    ContainerChoice resting =
        choice(
            """
            "state":{"waiting":{"reason":"CrashLoopBackOff"}},
            "lastState":{"terminated":{"containerID":"containerd://last"}}
            """);

    assertThat(resting.logged(false)).isEqualTo("last");
    assertThat(resting.logged(true)).isEqualTo("last");
    assertThatThrownBy(resting::running).hasMessage("container not found (\"c\")");
  }

  @Test
  void ofOneThatHasEndedThatRunIsMeant() throws Refusal {
    assertThat(
            choice("\"state\":{\"terminated\":{\"containerID\":\"containerd://end\"}}")
                .logged(false))
        .isEqualTo("end");
  }

  @Test
  void whatHasNoLogYetIsRefusedAsByUpstream() {
    assertThatThrownBy(
            () -> choice("\"state\":{\"waiting\":{\"reason\":\"PodInitializing\"}}").logged(false))
        .hasMessage("container \"c\" in pod \"p\" is waiting to start: PodInitializing");
    assertThatThrownBy(
            () -> choice("\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\"}}").logged(false))
        .hasMessage(
            "container \"c\" in pod \"p\" is waiting to start: trying and failing to pull image");
    assertThatThrownBy(() -> choice("\"state\":{\"running\":{}}").logged(true))
        .hasMessage("previous terminated container \"c\" in pod \"p\" not found");
  }
}
