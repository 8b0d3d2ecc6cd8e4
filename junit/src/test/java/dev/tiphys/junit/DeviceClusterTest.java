package dev.tiphys.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Devices in a whole cluster: claims are made from templates, allocated, used, and given back.
class DeviceClusterTest {

  private static final ApiResource CLASSES = device("deviceclasses", "DeviceClass");
  private static final ApiResource SLICES = device("resourceslices", "ResourceSlice");

  private static ApiResource device(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("resource.k8s.io/v1"), plural, kind, false);
  }

  private static void publish(VirtualCluster cluster, String node) {
    cluster.create(
        CLASSES,
        """
        apiVersion: resource.k8s.io/v1
        kind: DeviceClass
        metadata: {name: gpu}
        spec: {selectors: [{cel: {expression: "device.attributes['gpu.example'].memory > 8"}}]}
        """);
    cluster.create(
        SLICES,
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: gpus}
        spec:
          driver: gpu.example
          nodeName: NODE
          pool: {name: NODE, generation: 1, resourceSliceCount: 1}
          devices:
          - {name: large, attributes: {memory: {int: 16}}}
          - {name: huge, attributes: {memory: {int: 32}}}
          - {name: small, attributes: {memory: {int: 4}}}
        """
            .replace("NODE", node));
    cluster.create(
        ApiResource.RESOURCE_CLAIM_TEMPLATES,
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaimTemplate
        metadata: {name: one-gpu, namespace: default}
        spec: {spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: gpu}}]}}}
        """);
  }

  private static void pod(VirtualCluster cluster, String name) {
    cluster.create(
        ApiResource.PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: NAME, namespace: default}
        spec:
          resourceClaims: [{name: gpu, resourceClaimTemplateName: one-gpu}]
          containers: [{name: c, image: "one:1", resources: {claims: [{name: gpu}]}}]
        """
            .replace("NAME", name));
  }

  private static List<Struct> claims(VirtualCluster cluster) {
    return cluster.objects(ApiResource.RESOURCE_CLAIMS, "").toList();
  }

  /// The devices that claims have, each with the Pod that it is reserved for.
  private static Set<String> given(VirtualCluster cluster) {
    Set<String> given = new HashSet<>();
    for (Struct claim : claims(cluster)) {
      for (Struct result : claim.structs("status", "allocation", "devices", "results")) {
        String user = claim.structs("status", "reservedFor").getFirst().string("name");
        assertThat(given.add(result.string("device"))).as("a device is given once").isTrue();
        assertThat(user).isNotEmpty();
      }
    }
    return given;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aDeviceGoesFromOnePodToTheNext(long seed) {
    try (VirtualCluster cluster = new VirtualCluster(seed)) {
      cluster.startNodes("simulated-", 3);
      publish(cluster, "simulated-1");
      List.of("a", "b", "c").forEach(name -> pod(cluster, name));
      cluster.advance(Duration.ofSeconds(30));

      assertThat(given(cluster)).containsExactlyInAnyOrder("large", "huge");
      List<Struct> running =
          cluster
              .objects(ApiResource.PODS, "")
              .filter(pod -> pod.string("status", "phase").equals("Running"))
              .toList();
      assertThat(running)
          .hasSize(2)
          .allMatch(pod -> pod.string("spec", "nodeName").equals("simulated-1"));

      String first = Meta.of(running.getFirst()).name();
      cluster.api().delete(ApiResource.PODS, "default", first, DeleteOptions.withGrace(0));
      cluster.advance(Duration.ofSeconds(60));

      assertThat(given(cluster)).containsExactlyInAnyOrder("large", "huge");
      assertThat(claims(cluster)).hasSize(2);
      assertThat(cluster.objects(ApiResource.PODS, ""))
          .hasSize(2)
          .allMatch(pod -> pod.string("status", "phase").equals("Running"));

      cluster
          .objects(ApiResource.PODS, "")
          .forEach(
              pod ->
                  cluster
                      .api()
                      .delete(
                          ApiResource.PODS,
                          "default",
                          Meta.of(pod).name(),
                          DeleteOptions.withGrace(0)));
      cluster.advance(Duration.ofSeconds(60));

      assertThat(claims(cluster)).isEmpty();
    }
  }
}
