package dev.tiphys.client.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAffinityTest {
  private static final Struct LABELS = Struct.of("disk", "ssd", "cores", "8");

  private static boolean suits(Struct spec) {
    return NodeAffinity.of(spec).allows("node-1", LABELS);
  }

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
    assertThat(suits(Yaml.struct("nodeSelector: %s".formatted(selector)))).isEqualTo(suits);
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
    Struct spec =
        Yaml.struct(
            """
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms: [%s]
            """
                .formatted(terms));

    assertThat(suits(spec)).isEqualTo(suits);
  }
}
