package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.RESOURCE_CLAIMS;
import static dev.tiphys.client.ApiResource.RESOURCE_SLICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTaintTest {

  private static final ApiResource RULES =
      new ApiResource(
          GroupVersion.parse("resource.k8s.io/v1beta2"),
          "devicetaintrules",
          "DeviceTaintRule",
          false);

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT.withFeatures(FeatureGates.parse("DRADeviceTaintRules=true")));

  @AfterEach
  void close() {
    cluster.close();
  }

  /// A Pod that uses the device `d`, published without a taint.
  ///
  /// @param tolerations those of its claim
  private void use(String tolerations) {
    cluster.create(
        RESOURCE_SLICES,
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: slice}
        spec:
          driver: gpu.example.com
          pool: {name: p, generation: 1, resourceSliceCount: 1}
          allNodes: true
          devices: [{name: d}, {name: other}]
        """);
    cluster.create(
        RESOURCE_CLAIMS,
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaim
        metadata: {name: gpu, namespace: default}
        spec:
          devices: {requests: [{name: gpu, exactly: {deviceClassName: gpus}}]}
        """);
    Struct pod =
        cluster.create(
            PODS,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: default}
            spec:
              resourceClaims: [{name: gpu, resourceClaimName: gpu}]
              containers: [{name: app, image: "web:1", resources: {claims: [{name: gpu}]}}]
            """);
    Struct allocation =
        Yaml.struct(
            "devices: {results: [{request: gpu, driver: gpu.example.com, pool: p, device: d,"
                + " tolerations: [%s]}]}".formatted(tolerations));
    Struct user = Struct.of("resource", "pods", "name", "web", "uid", Meta.of(pod).uid());
    cluster.api.update(
        RESOURCE_CLAIMS,
        cluster
            .get(RESOURCE_CLAIMS, "gpu")
            .with("status", Struct.of("allocation", allocation, "reservedFor", List.of(user))),
        "status");
    cluster.advance(Duration.ofSeconds(5));
  }

  private void taint(String device, String effect) {
    Struct taint =
        Struct.of("key", "broken", "effect", effect)
            .with("timeAdded", Timestamps.seconds(cluster.world.now()));
    publish(device, List.of(taint));
  }

  private void publish(String device, List<Struct> taints) {
    cluster.change(
        RESOURCE_SLICES,
        "slice",
        slice ->
            slice.withAt(
                slice.structs("spec", "devices").stream()
                    .map(
                        each ->
                            each.string("name").equals(device) ? each.with("taints", taints) : each)
                    .toList(),
                "spec",
                "devices"));
    cluster.advance(Duration.ofSeconds(1));
  }

  private void rule(String selector, String effect) {
    cluster.create(
        RULES,
        """
        apiVersion: resource.k8s.io/v1beta2
        kind: DeviceTaintRule
        metadata: {name: broken}
        spec:
          deviceSelector: %s
          taint: {key: broken, effect: %s}
        """
            .formatted(selector, effect));
    cluster.advance(Duration.ofSeconds(1));
  }

  @Test
  void aRuleEvictsFromTheDevicesThatItSelects() {
    use("");
    rule("{driver: gpu.example.com, device: d}", "NoExecute");

    assertThat(isThere()).isFalse();
  }

  @Test
  void aRuleDoesNothingElsewhereOrWithAnotherEffect() {
    use("");
    rule("{driver: gpu.example.com, device: other}", "NoExecute");
    assertThat(isThere()).isTrue();
    cluster.change(RULES, "broken", each -> each.withAt("NoSchedule", "spec", "taint", "effect"));
    cluster.change(RULES, "broken", each -> each.withAt("d", "spec", "deviceSelector", "device"));
    cluster.advance(Duration.ofSeconds(1));

    assertThat(isThere()).isTrue();
  }

  @Test
  void aRuleThatGoesInTimeDoesNoHarm() {
    use("{operator: Exists, effect: NoExecute, tolerationSeconds: 60}");
    rule("{}", "NoExecute");
    cluster.advance(Duration.ofSeconds(30));
    cluster.api.delete(RULES, "", "broken", DeleteOptions.DEFAULT);
    cluster.advance(Duration.ofSeconds(60));

    assertThat(isThere()).isTrue();
  }

  private boolean isThere() {
    return cluster.names(PODS).contains("web");
  }

  @Test
  void aTaintThatIsNotToleratedEvictsAtOnce() {
    use("");
    cluster.kubelet.letEnd(_ -> false);

    taint("d", "NoExecute");

    Struct pod = cluster.get(PODS, "web");
    assertThat(Meta.of(pod).isBeingDeleted()).isTrue();
    assertThat(Meta.condition(pod, "DisruptionTarget").string("reason"))
        .isEqualTo("DeletionByDeviceTaintManager");
    assertThat(Meta.condition(pod, "DisruptionTarget").string("message"))
        .isEqualTo("Device Taint manager: deleting due to NoExecute taint");
    assertThat(cluster.events("web")).contains("DeviceTaintManagerEviction: Marking for deletion");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          d     | NoSchedule | ''
          other | NoExecute  | ''
          d     | NoExecute  | {operator: Exists, effect: NoExecute}
          d     | NoExecute  | {key: broken, operator: Equal, effect: NoExecute}
          """)
  void otherTaintsAndThoseThatAreToleratedDoNot(String device, String effect, String tolerations) {
    use(tolerations);

    taint(device, effect);
    cluster.advance(Duration.ofMinutes(10));

    assertThat(isThere()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaintMayBeToleratedForAWhile(boolean tellsWhen) {
    use("{operator: Exists, effect: NoExecute, tolerationSeconds: 60}");
    if (tellsWhen) {
      taint("d", "NoExecute");
    } else {
      publish("d", List.of(Struct.of("key", "broken", "effect", "NoExecute")));
    }
    cluster.advance(Duration.ofSeconds(50));
    assertThat(isThere()).isTrue();

    cluster.advance(Duration.ofSeconds(15));
    assertThat(isThere()).isFalse();
  }

  @Test
  void aTaintThatGoesInTimeDoesNoHarm() {
    use("{operator: Exists, effect: NoExecute, tolerationSeconds: 60}");
    taint("d", "NoExecute");
    cluster.advance(Duration.ofSeconds(30));

    publish("d", List.of());
    cluster.advance(Duration.ofMinutes(5));

    assertThat(isThere()).isTrue();
    assertThat(cluster.events("web")).contains("DeviceTaintManagerEviction: Cancelling deletion");
  }

  /// What an older generation of the pool says no longer counts.
  @Test
  void theNewestGenerationCounts() {
    use("{operator: Exists, effect: NoExecute, tolerationSeconds: 60}");
    taint("d", "NoExecute");
    cluster.create(
        RESOURCE_SLICES,
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: newer}
        spec:
          driver: gpu.example.com
          pool: {name: p, generation: 2, resourceSliceCount: 1}
          allNodes: true
          devices: [{name: d}]
        """);
    cluster.advance(Duration.ofMinutes(5));

    assertThat(isThere()).isTrue();
  }
}
