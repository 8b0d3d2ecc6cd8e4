package dev.tiphys.node.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DownwardFieldsTest {
  private final Pod pod =
      new Pod(
          Yaml.struct(
              """
              metadata:
                name: a
                namespace: web
                labels: {tier: front, app: shop}
                annotations: {note: "say \\"hi\\"\\n"}
              spec:
                nodeName: node-1
                containers:
                - {name: c, resources: {requests: {cpu: 1500m, memory: 100Mi}}}
              """));
  private final DownwardFields fields =
      new DownwardFields(
          pod,
          List.of("10.1.0.5", "fd00::5"),
          List.of("192.0.2.1"),
          Map.of("memory", Quantity.parse("4Gi")));

  @Test
  void aPodKnowsItself() throws Exception {
    assertThat(fields.field("metadata.name")).isEqualTo("a");
    assertThat(fields.field("spec.nodeName")).isEqualTo("node-1");
    assertThat(fields.field("status.podIP")).isEqualTo("10.1.0.5");
    assertThat(fields.field("status.podIPs")).isEqualTo("10.1.0.5,fd00::5");
    assertThat(fields.field("status.hostIP")).isEqualTo("192.0.2.1");
    assertThat(fields.field("metadata.labels['tier']")).isEqualTo("front");
    assertThat(fields.field("metadata.labels")).isEqualTo("app=\"shop\"\ntier=\"front\"");
    assertThat(fields.field("metadata.annotations")).isEqualTo("note=\"say \\\"hi\\\"\\n\"");
    assertThatThrownBy(() -> fields.field("metadata.owner")).isInstanceOf(StartFailure.class);
  }

  @Test
  void amountsAreRoundedUp() throws Exception {
    assertThat(resource("requests.cpu", "")).isEqualTo("2");
    assertThat(resource("requests.cpu", "1m")).isEqualTo("1500");
    assertThat(resource("requests.memory", "1Mi")).isEqualTo("100");
    assertThat(resource("limits.memory", "1Gi")).isEqualTo("4");
  }

  private String resource(String name, String divisor) throws StartFailure {
    Struct reference = Struct.of("resource", name);
    return fields.resource(
        divisor.isEmpty() ? reference : reference.with("divisor", divisor),
        pod.containers().getFirst());
  }
}
