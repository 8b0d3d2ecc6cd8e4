package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `--runtime-config` switches on and off, and what it refuses.
final class RuntimeConfigTest {

  private static final FeatureGates ON =
      FeatureGates.parse("GenericWorkload=true,ClusterTrustBundle=true");

  private static List<String> served(String flag, FeatureGates gates) {
    RuntimeConfig config = RuntimeConfig.parse(flag);
    return ResourceTable.builtIn().stream()
        .filter(resource -> config.serves(resource, gates))
        .map(resource -> resource.groupVersion() + "/" + resource.plural())
        .toList();
  }

  @Test
  void stableVersionsAreServedAndNoOthers() {
    assertThat(ResourceTable.builtIn())
        .filteredOn(resource -> RuntimeConfig.DEFAULT.serves(resource, ON))
        .extracting(Resource::groupVersion)
        .extracting(version -> version.version())
        .containsOnly("v1", "v2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scheduling.k8s.io/v1alpha2 | scheduling.k8s.io/v1alpha2/podgroups | true",
        "scheduling.k8s.io/v1alpha2=true | scheduling.k8s.io/v1alpha2/workloads | true",
        "api/alpha=true | scheduling.k8s.io/v1alpha2/podgroups | true",
        "api/alpha=true | resource.k8s.io/v1beta2/devicetaintrules | false",
        "api/beta=true | resource.k8s.io/v1beta2/devicetaintrules | true",
        "api/all=true | storagemigration.k8s.io/v1beta1/storageversionmigrations | true",
        "api/alpha=true,scheduling.k8s.io/v1alpha2=false | scheduling.k8s.io/v1alpha2/podgroups | false",
        "scheduling.k8s.io/v1alpha2/podgroups=true | scheduling.k8s.io/v1alpha2/podgroups | true",
        "scheduling.k8s.io/v1alpha2/podgroups=true | scheduling.k8s.io/v1alpha2/workloads | false",
        "certificates.k8s.io/v1beta1=true | certificates.k8s.io/v1beta1/clustertrustbundles | true",
        "certificates.k8s.io/v1beta1=true | certificates.k8s.io/v1alpha1/clustertrustbundles | false",
        "apps/v1=0 | apps/v1/deployments | false",
        "apps/v1/daemonsets=false | apps/v1/daemonsets | false",
        "apps/v1/daemonsets=false | apps/v1/deployments | true",
        "api/ga=false,apps/v1=true | batch/v1/jobs | false",
        "/v1=false | v1/pods | false",
        "certificates.k8s.io/v1beta1=false | v1/pods | true",
      })
  void whatIsNarrowerCountsMore(String flag, String resource, boolean isServed) {
    assertThat(served(flag, ON).contains(resource)).isEqualTo(isServed);
  }

  @Test
  void whatNeedsAFeatureIsNotServedWithoutIt() {
    assertThat(served("api/all=true", FeatureGates.DEFAULT))
        .doesNotContain(
            "scheduling.k8s.io/v1alpha2/podgroups",
            "certificates.k8s.io/v1beta1/clustertrustbundles");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "api/all=false | invalid runtime-config with only api/all=false",
        "api/beta=yes | invalid value api/beta=yes",
        "v1=true | runtime-config invalid key v1",
        "example.com/v1=true,api/v1=true | unknown api groups api/v1,example.com/v1",
        "apps/v1beta1=true | group version apps/v1beta1 that has not been registered",
        "apps/v1=maybe | invalid value of apps/v1: maybe, err: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "apps/v1/Deployments=true | invalid key apps/v1/Deployments: group/version/resource and resource is always lowercase plural, not \"Deployments\"",
        "coordination.k8s.io/v1beta1=true | cannot serve coordination.k8s.io/v1beta1, it is not in Tiphys",
        "certificates.k8s.io/v1beta1/podcertificaterequests=true | cannot serve certificates.k8s.io/v1beta1/podcertificaterequests, it is not in Tiphys",
      })
  void whatCannotBeServedIsRefused(String flag, String message) {
    assertThatThrownBy(() -> RuntimeConfig.parse(flag)).hasMessage(message);
  }
}
