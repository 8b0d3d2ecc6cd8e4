package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.ENDPOINTS;
import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.client.ApiResource.EVENTS;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
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

  @Seeds(3)
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

  private void node(int number, String zone) {
    cluster.create(
        NODES,
        """
        apiVersion: v1
        kind: Node
        metadata: {name: zoned-%1$d, labels: {topology.kubernetes.io/zone: %2$s}}
        status:
          allocatable: {cpu: 4}
          conditions: [{type: Ready, status: 'True'}]
        """
            .formatted(number, zone));
  }

  private void pod(int number, String node) {
    Struct made =
        cluster.create(
            PODS,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-%d, namespace: default, labels: {app: web}}
            spec: {nodeName: %s, containers: [{name: main, image: none}]}
            """
                .formatted(number, node));
    cluster.api.update(
        PODS,
        made.with(
            "status",
            Yaml.struct(
                """
                phase: Running
                podIPs: [{ip: 10.9.0.%d}]
                conditions: [{type: Ready, status: 'True', lastTransitionTime: '%s'}]
                """
                    .formatted(number, Timestamps.seconds(cluster.world.now())))),
        "status");
  }

  private List<String> hints() {
    return endpoints().stream()
        .map(
            endpoint ->
                String.join(
                    ",",
                    endpoint.struct("hints").structs("forZones").stream()
                        .map(zone -> zone.string("name"))
                        .toList()))
        .sorted()
        .toList();
  }

  private List<String> hintEvents() {
    return cluster.list(EVENTS).stream()
        .filter(event -> event.string("reason").startsWith("Topology"))
        .map(event -> event.string("type") + " " + event.string("message"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service.kubernetes.io/topology-mode",
        "service.kubernetes.io/topology-aware-hints"
      })
  void whoLeavesHintsToTheClusterGetsThemByTheProcessorsOfZones(String annotation) {
    for (String other : TestKubelet.NODES) {
      cluster.change(
          NODES,
          other,
          n -> n.withAt("", "metadata", "labels", "node-role.kubernetes.io/control-plane"));
    }
    node(1, "a");
    node(2, "b");
    service("  trafficDistribution: PreferClose\n");
    for (int i = 1; i <= 4; i++) {
      pod(i, "zoned-" + (i == 1 ? 1 : 2));
    }
    cluster.world.settle();
    assertThat(hints()).containsExactly("a", "b", "b", "b");

    cluster.change(SERVICES, "web", s -> Meta.withAnnotation(s, annotation, "Auto"));
    cluster.world.settle();
    assertThat(hints()).containsExactly("a", "a", "b", "b");
    assertThat(hintEvents())
        .containsExactly("Normal Topology Aware Hints has been enabled, addressType: IPv4");

    cluster.change(
        NODES, "zoned-2", n -> n.withoutAt("metadata", "labels", "topology.kubernetes.io/zone"));
    cluster.world.settle();
    assertThat(hints()).containsExactly("", "", "", "");
    assertThat(hintEvents())
        .contains(
            "Warning Insufficient Node information: allocatable CPU or zone not specified on one or"
                + " more nodes, addressType: IPv4");

    cluster.change(
        NODES, "zoned-2", n -> n.withAt("b", "metadata", "labels", "topology.kubernetes.io/zone"));
    cluster.world.settle();
    assertThat(hints()).containsExactly("a", "a", "b", "b");

    cluster.change(SERVICES, "web", s -> s.withoutAt("metadata", "annotations", annotation));
    cluster.world.settle();
    assertThat(hints()).containsExactly("a", "b", "b", "b");
    assertThat(hintEvents())
        .contains("Warning Topology Aware Hints has been disabled, addressType: IPv4");
  }

  @Test
  void aNodeIsHintedEvenIfItIsInNoZone() {
    service("  trafficDistribution: PreferSameNode\n");
    pod(1, "node-0");
    cluster.world.settle();

    assertThat(endpoints().getFirst().struct("hints").toString())
        .isEqualTo(
            """
            {"forNodes":[{"name":"node-0"}]}""");
  }

  @Test
  void whatIsWrittenTellsSinceWhenItIsSo() {
    String made = cluster.world.now().toString();
    service("");
    cluster.world.settle();
    assertThat(triggers()).containsExactly(made, made);

    cluster.world.advance(Duration.ofSeconds(7));
    String first = cluster.world.now().toString();
    pod(1, "node-0");
    cluster.world.settle();
    assertThat(triggers()).containsExactly(first, first);

    cluster.world.advance(Duration.ofSeconds(7));
    pod(2, "node-0");
    String second = cluster.world.now().toString();
    cluster.world.settle();
    assertThat(triggers()).containsExactly(second, second);

    cluster.world.advance(Duration.ofSeconds(7));
    cluster.change(SERVICES, "web", s -> s.withAt("b", "metadata", "labels", "team"));
    cluster.world.settle();
    assertThat(triggers()).containsExactly("", "");
  }

  private List<String> triggers() {
    return List.of(slices().getFirst(), cluster.get(ENDPOINTS, "web")).stream()
        .map(
            object ->
                Meta.of(object).annotation("endpoints.kubernetes.io/last-change-trigger-time"))
        .toList();
  }
}
