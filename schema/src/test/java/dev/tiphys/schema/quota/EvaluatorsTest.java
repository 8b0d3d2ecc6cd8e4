package dev.tiphys.schema.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What objects use, in the state that they are in.
class EvaluatorsTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static String usage(String resource, String object) {
    return Amounts.text(Evaluators.of(resource).usage(Yaml.struct(object), NOW));
  }

  /// A Pod of one container that asks for one cpu, with more said of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | count/pods=1,cpu=1,pods=1,requests.cpu=1",
        "'' | 'phase: Succeeded' | count/pods=1",
        "'' | 'phase: Failed' | count/pods=1",
        "'' | 'phase: Running' | count/pods=1,cpu=1,pods=1,requests.cpu=1",
        "'overhead: {cpu: 250m}' | '' | count/pods=1,cpu=1250m,pods=1,requests.cpu=1250m",
        "'resources: {requests: {cpu: 3}}' | '' | count/pods=1,cpu=3,pods=1,requests.cpu=3",
        "'initContainers: [{name: i, resources: {requests: {cpu: 2}}}]' | '' | count/pods=1,cpu=2,pods=1,requests.cpu=2",
        "'initContainers: [{name: i, restartPolicy: Always, resources: {requests: {cpu: 2}}}]' | '' | count/pods=1,cpu=3,pods=1,requests.cpu=3",
        "'' | 'containerStatuses: [{name: c, allocatedResources: {cpu: 2}, resources: {requests: {cpu: 2}}}]' | count/pods=1,cpu=2,pods=1,requests.cpu=2",
        "'' | 'containerStatuses: [{name: c, allocatedResources: {cpu: 500m}, resources: {requests: {cpu: 500m}}}], conditions: [{type: PodResizePending, status: True, reason: Infeasible}]' | count/pods=1,cpu=500m,pods=1,requests.cpu=500m",
        "'' | 'containerStatuses: [{name: c, allocatedResources: {cpu: 500m}, resources: {requests: {cpu: 500m}}}], conditions: [{type: PodResizePending, status: True, reason: Deferred}]' | count/pods=1,cpu=1,pods=1,requests.cpu=1"
      })
  void podsUseWhatTheyHoldOrWant(String spec, String status, String usage) {
    assertThat(
            usage(
                "pods",
                "{spec: {containers: [{name: c, resources: {requests: {cpu: 1}}}]%s}, status: {%s}}"
                    .formatted(spec.isEmpty() ? "" : ", " + spec, status)))
        .isEqualTo(usage);
  }

  /// A Pod that should have ended uses nothing, wherever its node is.
  @ParameterizedTest
  @CsvSource({"2029-12-31T23:59:00Z,30,false", "2029-12-31T23:59:45Z,30,true"})
  void aPodThatShouldHaveEndedUsesNothing(String deleted, int grace, boolean uses) {
    String pod =
        "{metadata: {deletionTimestamp: '%s', deletionGracePeriodSeconds: %d}, spec: {containers: []}}"
            .formatted(deleted, grace);

    assertThat(usage("pods", pod)).isEqualTo(uses ? "count/pods=1,pods=1" : "count/pods=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "services | {spec: {type: LoadBalancer, ports: [{}, {}]}} | count/services=1,services=1,services.loadbalancers=1,services.nodeports=2",
        "services | {spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{nodePort: 30000}, {}]}} | count/services=1,services=1,services.loadbalancers=1,services.nodeports=1",
        "services | {spec: {type: ClusterIP, ports: [{}]}} | count/services=1,services=1,services.loadbalancers=0,services.nodeports=0",
        "persistentvolumeclaims | {spec: {resources: {requests: {storage: 1Gi}}}, status: {allocatedResources: {storage: 2Gi}}} | count/persistentvolumeclaims=1,persistentvolumeclaims=1,requests.storage=2Gi",
        "resourceclaims.resource.k8s.io | {spec: {devices: {requests: [{exactly: {deviceClassName: gpu, count: 2}}, {firstAvailable: [{deviceClassName: gpu, count: 3}, {deviceClassName: nic, allocationMode: All}]}]}}} | count/resourceclaims.resource.k8s.io=1,gpu.deviceclass.resource.k8s.io/devices=5,nic.deviceclass.resource.k8s.io/devices=32",
        "secrets | {} | count/secrets=1,secrets=1",
        "things.example.com | {} | count/things.example.com=1"
      })
  void otherKindsHaveTheirOwnNames(String resource, String object, String usage) {
    assertThat(usage(resource, object)).isEqualTo(usage);
  }

  /// A claim is of each class that it has, wants, or is about to have.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "In | gold | {spec: {volumeAttributesClassName: gold}} | true",
        "In | gold | {spec: {volumeAttributesClassName: lead}, status: {currentVolumeAttributesClassName: gold}} | true",
        "In | gold | {spec: {volumeAttributesClassName: lead}} | false",
        "NotIn | gold | {spec: {}} | true",
        "NotIn | gold | {spec: {volumeAttributesClassName: gold}} | false",
        "Exists | '' | {status: {modifyVolumeStatus: {targetVolumeAttributesClassName: gold}}} | true",
        "DoesNotExist | '' | {spec: {}} | true"
      })
  void claimsHaveClasses(String operator, String value, String claim, boolean matches) {
    Scope scope =
        new Scope("VolumeAttributesClass", operator, value.isEmpty() ? List.of() : List.of(value));

    assertThat(Evaluators.of("persistentvolumeclaims").matches(scope, Yaml.struct(claim)))
        .isEqualTo(matches);
  }

  /// Which writes can change what is used.
  @ParameterizedTest
  @CsvSource({
    "pods,true,'',true",
    "pods,false,'',false",
    "pods,false,resize,true",
    "pods,false,status,false",
    "pods,true,binding,false",
    "services,false,'',true",
    "persistentvolumeclaims,false,status,true",
    "configmaps,true,'',true",
    "configmaps,false,'',false"
  })
  void onlySomeWritesCount(String resource, boolean creates, String subresource, boolean counts) {
    assertThat(Evaluators.of(resource).counts(creates, subresource)).isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource({
    "pods,pods",
    "requests.example.com/gpu,pods",
    "hugepages-2Mi,pods",
    "services.nodeports,services",
    "gold.storageclass.storage.k8s.io/requests.storage,persistentvolumeclaims",
    "count/things.example.com,things.example.com",
    "secrets,secrets",
    "count/events,''",
    "nonsense,''"
  })
  void aNameMeansTheObjectsOfAResource(String name, String resources) {
    assertThat(String.join(",", new TreeSet<>(Evaluators.resourcesOf(name)))).isEqualTo(resources);
  }

  @ParameterizedTest
  @CsvSource({"'',cpu for: c", "'resources: {limits: {cpu: 1}},',''"})
  void aPodThatSaysItAllNeedNotSayMore(String spec, String missing) {
    Struct pod = Yaml.struct("{spec: {" + spec + " containers: [{name: c}]}}");

    assertThat(Evaluators.of("pods").missing(List.of("cpu", "pods"), pod)).isEqualTo(missing);
  }
}
