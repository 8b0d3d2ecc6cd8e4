package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeChoiceTest {
  private static final NodeChoice NODE =
      new NodeChoice("node-1", Struct.of("disk", "ssd", "cores", "8"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | true",
        "{disk: ssd} | true",
        "{disk: hdd} | false",
        "{zone: a} | false",
      })
  void aSelectorMustHoldAsAWhole(String selector, boolean suits) {
    Pod pod = new Pod(Yaml.struct("spec: {nodeSelector: %s}".formatted(selector)));

    assertThat(NODE.suits(pod)).isEqualTo(suits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{matchExpressions: [{key: disk, operator: In, values: [ssd, nvme]}]} | true",
        "{matchExpressions: [{key: disk, operator: NotIn, values: [ssd]}]} | false",
        "{matchExpressions: [{key: zone, operator: DoesNotExist}]} | true",
        "{matchExpressions: [{key: cores, operator: Gt, values: ['4']}]} | true",
        "{matchFields: [{key: metadata.name, operator: In, values: [node-2]}]} | false",
        "{matchExpressions: [{key: a, operator: Exists}]}, {matchExpressions: [{key: disk, operator: Exists}]} | true",
        "{} | false",
      })
  void oneTermOfAnAffinityMustHold(String terms, boolean suits) {
    Pod pod =
        new Pod(
            Yaml.struct(
                """
                spec:
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms: [%s]
                """
                    .formatted(terms)));

    assertThat(NODE.suits(pod)).isEqualTo(suits);
  }
}
