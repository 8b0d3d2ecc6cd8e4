package dev.tiphys.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.QosClass;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private static final long GIB = 1L << 30;

  private static Pod pod(String resources) {
    return new Pod(
        Yaml.struct("spec: {containers: [{name: c, resources: {%s}}]}".formatted(resources)));
  }

  private static LinuxResources container(Pod pod) {
    return Resources.of(pod, pod.containers().getFirst(), 4 * GIB);
  }

  @Test
  void whoAsksForNothingGetsTheLeast() {
    Pod pod = pod("");

    assertThat(pod.qos()).isEqualTo(QosClass.BEST_EFFORT);
    assertThat(container(pod))
        .isEqualTo(LinuxResources.NONE.withCpu(2, 0, 0).withOomScoreAdj(1000));
  }

  @Test
  void requestsWeighAndLimitsCut() {
    Pod pod = pod("requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: '1', memory: 2Gi}");

    assertThat(pod.qos()).isEqualTo(QosClass.BURSTABLE);
    assertThat(container(pod))
        .isEqualTo(
            LinuxResources.NONE
                .withCpu(256, 100_000, 100_000)
                .withMemoryLimit(2 * GIB)
                .withOomScoreAdj(750));
    assertThat(Resources.ofPod(pod))
        .isEqualTo(LinuxResources.NONE.withCpu(256, 100_000, 100_000).withMemoryLimit(2 * GIB));
  }

  @Test
  void limitsAloneAreRequestsToo() {
    Pod pod = pod("limits: {cpu: 500m, memory: 1Gi}");

    assertThat(pod.qos()).isEqualTo(QosClass.GUARANTEED);
    assertThat(container(pod).cpuShares()).isEqualTo(512);
    assertThat(container(pod).oomScoreAdj()).isEqualTo(-997);
  }

  @Test
  void aPodNeedsWhatItsHungriestMomentNeeds() {
    Pod pod =
        new Pod(
            Yaml.struct(
                """
                spec:
                  initContainers:
                  - {name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
                  - {name: init, resources: {requests: {cpu: '2'}}}
                  containers:
                  - {name: a, resources: {requests: {cpu: 300m}}}
                  - {name: b, resources: {requests: {cpu: 300m}}}
                  overhead: {cpu: 10m}
                """));

    assertThat(PodRequests.of(pod.spec()).cpu()).isEqualTo(2110);
  }
}
