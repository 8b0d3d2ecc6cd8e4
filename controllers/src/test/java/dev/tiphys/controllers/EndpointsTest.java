package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.ENDPOINTS;
import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void deploy(int replicas) {
    cluster.create(DEPLOYMENTS, Manifests.deployment(replicas, ""));
  }

  private void service(String more) {
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default, labels: {team: a}}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 8080}]
        """
            + more);
  }

  private List<Struct> slices() {
    return cluster.list(ENDPOINT_SLICES).stream()
        .filter(slice -> Meta.of(slice).label("kubernetes.io/service-name").equals("web"))
        .toList();
  }

  private List<Struct> endpoints() {
    List<Struct> all = new ArrayList<>();
    slices().forEach(slice -> all.addAll(slice.structs("endpoints")));
    return all;
  }

  @Test
  void aServiceLeadsToItsPods() {
    cluster.change(
        NODES,
        "node-0",
        node -> node.withAt("a", "metadata", "labels", "topology.kubernetes.io/zone"));
    deploy(1);
    service("");
    cluster.settle();
    Struct slice = slices().getFirst();
    assertThat(Meta.of(slice).name()).startsWith("web-");
    assertThat(Meta.of(slice).labels().toString())
        .isEqualTo(
            """
            {"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",\
            "kubernetes.io/service-name":"web","team":"a"}""");
    assertThat(slice.structs("ports").toString())
        .isEqualTo(
            """
            [{"name":"http","port":8080,"protocol":"TCP"}]""");
    String pod = cluster.names(PODS).getFirst();
    assertThat(endpoints().getFirst().withoutAt("targetRef", "uid").toString())
        .isEqualTo(
            """
            {"addresses":["10.1.0.1"],\
            "conditions":{"ready":true,"serving":true,"terminating":false},\
            "nodeName":"node-0",\
            "targetRef":{"kind":"Pod","name":"%s","namespace":"default"},"zone":"a"}"""
                .formatted(pod));
    Struct subset = cluster.get(ENDPOINTS, "web").structs("subsets").getFirst();
    assertThat(subset.structs("addresses").getFirst().string("ip")).isEqualTo("10.1.0.1");
    assertThat(subset.structs("ports")).isEqualTo(slice.structs("ports"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void manyPodsFillSlicesOfAHundred(long seed) {
    cluster.close();
    cluster = new TestCluster(seed);
    service("");
    deploy(250);
    cluster.settle();
    assertThat(slices()).allMatch(slice -> slice.structs("endpoints").size() <= 100);
    assertThat(slices()).hasSizeBetween(3, 4);
    assertThat(endpoints()).hasSize(250);
    assertThat(new HashSet<>(endpoints())).hasSize(250);
    cluster.change(DEPLOYMENTS, "web", d -> d.withAt(10L, "spec", "replicas"));
    cluster.settle();
    assertThat(endpoints()).hasSize(10);
    assertThat(cluster.get(ENDPOINTS, "web").structs("subsets").getFirst().structs("addresses"))
        .hasSize(10);
  }

  @Test
  void aPodThatIsNotReadyOrLeavesIsNamedAndNotReady() {
    cluster.kubelet.letEnd(pod -> false);
    service("");
    deploy(2);
    cluster.settle();
    cluster.delete(PODS, cluster.names(PODS).getFirst());
    cluster.world.settle();
    assertThat(endpoints())
        .extracting(endpoint -> endpoint.struct("conditions").toString())
        .contains(
            """
            {"ready":false,"serving":true,"terminating":true}""");
    assertThat(cluster.get(ENDPOINTS, "web").structs("subsets").getFirst().structs("addresses"))
        .hasSize(1);
  }

  @Test
  void aServiceWithoutPodsHasAnEmptySliceAndEmptyEndpoints() {
    service("");
    cluster.settle();
    assertThat(slices()).hasSize(1);
    assertThat(endpoints()).isEmpty();
    assertThat(cluster.get(ENDPOINTS, "web").structs("subsets")).isEmpty();
    deploy(1);
    cluster.settle();
    assertThat(slices()).hasSize(1);
    assertThat(endpoints()).hasSize(1);
  }

  @Test
  void whatBelongedToAServiceThatIsGoneIsGone() {
    service("");
    deploy(1);
    cluster.settle();
    cluster.delete(SERVICES, "web");
    cluster.settle();
    assertThat(slices()).isEmpty();
    assertThat(cluster.names(ENDPOINTS)).doesNotContain("web");
  }

  @Test
  void portsAreFoundByNameInEachPod() {
    cluster.create(
        DEPLOYMENTS,
        Manifests.deployment(1, "")
            .replace("image: \"web:1\"", "image: x, ports: [{name: web, containerPort: 9090}]"));
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          clusterIP: None
          selector: {app: web}
          ports: [{port: 80, targetPort: web}]
        """);
    cluster.settle();
    assertThat(slices().getFirst().structs("ports").getFirst().integer("port")).isEqualTo(9090);
    assertThat(Meta.of(slices().getFirst()).labels().has("service.kubernetes.io/headless"))
        .isTrue();
  }
}
