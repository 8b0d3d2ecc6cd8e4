package dev.tiphys.client.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.metrics.Exposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gates are set and refused as upstream does; what cannot be had is refused in plain words.
final class FeatureGatesTest {

  @Test
  void gatesAreAtTheirDefaultsIfNothingIsSaid() {
    assertThat(FeatureGates.DEFAULT.isOn(FeatureGates.GENERIC_WORKLOAD)).isFalse();
    assertThat(FeatureGates.DEFAULT.isOn("DRADeviceTaints")).isTrue();
  }

  @Test
  void gatesAreSetByAListOfPairs() {
    FeatureGates gates = FeatureGates.parse("GenericWorkload=true, GangScheduling=T,,WatchList=1");

    assertThat(gates.isOn(FeatureGates.GENERIC_WORKLOAD)).isTrue();
    assertThat(gates.isOn(FeatureGates.GANG_SCHEDULING)).isTrue();
    assertThat(gates.isOn(FeatureGates.DEVICE_TAINT_RULES)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Foo=true | unrecognized feature gate: Foo",
        "Foo | missing bool value for Foo",
        "GenericWorkload=yes | invalid value of GenericWorkload=yes, err: strconv.ParseBool: parsing \"yes\": invalid syntax",
        "JobManagedBy=false | cannot set feature gate JobManagedBy to false, feature is locked to true",
        "GangScheduling=true | GangScheduling is enabled, but depends on features that are disabled: [GenericWorkload]",
        "WorkloadWithJob=true | cannot set feature gate WorkloadWithJob to true, feature is not in Tiphys",
        "EnvFiles=false | cannot set feature gate EnvFiles to false, feature is always on in Tiphys",
        "AllAlpha=true | cannot set feature gate AllAlpha to true, not all of its features can be switched in Tiphys",
        "A=true,B=true | [unrecognized feature gate: A, unrecognized feature gate: B]",
      })
  void whatCannotBeSetIsRefused(String flag, String message) {
    assertThatThrownBy(() -> FeatureGates.parse(flag)).hasMessage(message);
  }

  @Test
  void whatIsAskedForAnywayIsNoError() {
    assertThat(
            FeatureGates.parse("AllAlpha=false,JobManagedBy=true,EnvFiles=true").isOn("EnvFiles"))
        .isTrue();
  }

  @Test
  void eachGateIsTold() {
    Exposition out = new Exposition();
    FeatureGates.parse("GenericWorkload=true").write(out);

    assertThat(out.toString())
        .contains("kubernetes_feature_enabled{name=\"GenericWorkload\",stage=\"ALPHA\"} 1\n")
        .contains("kubernetes_feature_enabled{name=\"GangScheduling\",stage=\"ALPHA\"} 0\n")
        .contains("kubernetes_feature_enabled{name=\"JobManagedBy\",stage=\"\"} 1\n");
  }
}
