package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.node.runtime.RuntimeVersion;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeObjectTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final Machine machine =
      new Machine(
          Map.of("cpu", Quantity.of(2), "memory", Quantity.parse("4Gi")),
          4L << 30,
          "machine",
          "system",
          "boot",
          "6.1.0",
          "Debian GNU/Linux 12",
          "amd64");
  private final NodeObject object =
      new NodeObject(
          NodeSettings.of("node-1", List.of("192.0.2.1", "2001:db8::1"), Path.of("/data"))
              .withPodRanges(List.of("10.1.0.0/24")),
          machine);

  private static RuntimeStatus runtime(boolean network) {
    return new RuntimeStatus(
        List.of(
            new RuntimeStatus.Condition("RuntimeReady", true, "", ""),
            new RuntimeStatus.Condition(
                "NetworkReady",
                network,
                network ? "" : "NetworkPluginNotReady",
                network ? "" : "cni plugin not initialized")));
  }

  private Struct status(NodeObject.Health health) {
    return object.status(object.fresh(), health, NOW);
  }

  private static Struct ready(Struct status) {
    return Meta.condition(Struct.of("status", status), "Ready");
  }

  @Test
  void aNodeSaysWhatItIs() {
    Struct status =
        status(
            new NodeObject.Health(
                runtime(true),
                new RuntimeVersion("containerd", "1.6.20~ds1"),
                List.of(
                    new Image("1", List.of("small:1"), List.of(), 5, null, "", false),
                    new Image("2", List.of("large:1"), List.of("large@x"), 9, null, "", false)),
                false,
                false));

    assertThat(status.structs("addresses"))
        .extracting(a -> a.string("type") + " " + a.string("address"))
        .containsExactly("InternalIP 192.0.2.1", "InternalIP 2001:db8::1", "Hostname node-1");
    assertThat(status.string("capacity", "pods")).isEqualTo("110");
    assertThat(status.string("allocatable", "memory")).isEqualTo("3996Mi");
    assertThat(status.string("nodeInfo", "containerRuntimeVersion"))
        .isEqualTo("containerd://1.6.20");
    assertThat(status.structs("images"))
        .containsExactly(
            Struct.of("names", List.of("large@x", "large:1"), "sizeBytes", 9L),
            Struct.of("names", List.of("small:1"), "sizeBytes", 5L));
    assertThat(status.integer("daemonEndpoints", "kubeletEndpoint", "Port")).isEqualTo(10250);
    assertThat(ready(status).string("message")).isEqualTo("kubelet is posting ready status");
    assertThat(object.fresh().string("spec", "podCIDR")).isEqualTo("10.1.0.0/24");
  }

  @Test
  void withoutNetworkItIsNotReady() {
    Struct ready =
        ready(status(new NodeObject.Health(runtime(false), null, List.of(), false, false)));

    assertThat(ready.string("status")).isEqualTo("False");
    assertThat(ready.string("reason")).isEqualTo("KubeletNotReady");
    assertThat(ready.string("message"))
        .isEqualTo(
            "container runtime network not ready: NetworkReady=false"
                + " reason:NetworkPluginNotReady message:cni plugin not initialized");
  }

  @Test
  void withoutRuntimeItIsNotReady() {
    Struct status = status(new NodeObject.Health(null, null, List.of(), true, true));

    assertThat(ready(status).string("message")).isEqualTo("container runtime is down");
    assertThat(status.structs("conditions"))
        .extracting(c -> c.string("reason"))
        .containsExactly(
            "KubeletHasInsufficientMemory",
            "KubeletHasDiskPressure",
            "KubeletHasSufficientPID",
            "KubeletNotReady");
  }
}
