package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.ENDPOINTS;
import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.client.ApiResource.EVENTS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Endpoints that are written by hand are shown to proxies as slices.
class MirroringTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void service(String spec) {
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: default}
        spec: {ports: [{port: 5432}]%s}
        """
            .formatted(spec));
  }

  private void endpoints(String metadata, String subsets) {
    cluster.create(
        ENDPOINTS,
        """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: db, namespace: default%s}
        subsets: [%s]
        """
            .formatted(metadata, subsets));
    cluster.settle();
  }

  private List<Struct> slices() {
    return cluster.list(ENDPOINT_SLICES).stream()
        .filter(slice -> Meta.of(slice).label("kubernetes.io/service-name").equals("db"))
        .toList();
  }

  @Test
  void aSliceShowsThem() {
    service("");
    endpoints(
        ", labels: {team: a}, annotations: {note: x,"
            + " kubectl.kubernetes.io/last-applied-configuration: z}",
        "{addresses: [{ip: 192.0.2.1, hostname: one}], notReadyAddresses: [{ip: 192.0.2.2}],"
            + " ports: [{port: 5432}]}");

    assertThat(slices()).hasSize(1);
    Struct slice = slices().getFirst();
    assertThat(Meta.of(slice).name()).startsWith("db-");
    assertThat(Meta.of(slice).labels().toString())
        .isEqualTo(
            """
            {"endpointslice.kubernetes.io/managed-by":"endpointslicemirroring-controller.k8s.io",\
            "kubernetes.io/service-name":"db","team":"a"}""");
    assertThat(Meta.of(slice).annotations().toString()).isEqualTo("{\"note\":\"x\"}");
    assertThat(Meta.of(slice).controller().string("kind")).isEqualTo("Endpoints");
    assertThat(slice.structs("endpoints").toString())
        .isEqualTo(
            """
            [{"addresses":["192.0.2.1"],"conditions":{"ready":true},"hostname":"one"}, \
            {"addresses":["192.0.2.2"],"conditions":{"ready":false}}]""");
    assertThat(slice.structs("ports").toString())
        .isEqualTo("[{\"name\":\"\",\"port\":5432,\"protocol\":\"TCP\"}]");
  }

  @Test
  void eachFamilyHasASlice() {
    service("");
    endpoints("", "{addresses: [{ip: 192.0.2.1}, {ip: '2001:db8::1'}], ports: [{port: 5432}]}");

    assertThat(slices().stream().map(slice -> slice.string("addressType")))
        .containsExactlyInAnyOrder("IPv4", "IPv6");
  }

  @Test
  void theyFollowChangesAndGoWithWhatTheyShow() {
    service("");
    endpoints("", "{addresses: [{ip: 192.0.2.1}], ports: [{port: 5432}]}");
    cluster.change(
        ENDPOINTS,
        "db",
        object ->
            object.with(
                "subsets",
                List.of(
                    Struct.of(
                        "addresses",
                        List.of(Struct.of("ip", "192.0.2.7")),
                        "ports",
                        List.of(Struct.of("port", 5432L))))));
    cluster.settle();
    assertThat(slices()).hasSize(1);
    assertThat(slices().getFirst().structs("endpoints").getFirst().strings("addresses"))
        .containsExactly("192.0.2.7");

    cluster.delete(ENDPOINTS, "db");
    cluster.settle();

    assertThat(slices()).isEmpty();
  }

  @Test
  void noneAreMadeForThoseThatAreKeptOrThatDoNotWantThem() {
    service(", selector: {app: db}");
    endpoints("", "{addresses: [{ip: 192.0.2.1}], ports: [{port: 5432}]}");
    assertThat(slices())
        .noneMatch(
            slice ->
                Meta.of(slice)
                    .label("endpointslice.kubernetes.io/managed-by")
                    .startsWith("endpointslicemirroring"));
  }

  @Test
  void aLabelKeepsThemAway() {
    service("");
    endpoints(
        ", labels: {endpointslice.kubernetes.io/skip-mirror: 'true'}",
        "{addresses: [{ip: 192.0.2.1}], ports: [{port: 5432}]}");

    assertThat(slices()).isEmpty();
  }

  @Test
  void ofASubsetAThousandAddressesAreShown() {
    service("");
    String addresses =
        IntStream.range(0, 1003)
            .mapToObj(i -> "{ip: 10.9.%d.%d}".formatted(i / 250, i % 250 + 1))
            .collect(Collectors.joining(","));
    endpoints("", "{addresses: [" + addresses + "], ports: [{port: 5432}]}");

    assertThat(slices()).hasSize(10).allMatch(slice -> slice.list("endpoints").size() == 100);
    assertThat(
            cluster.list(EVENTS).stream()
                .filter(event -> event.string("reason").equals("TooManyAddressesToMirror"))
                .map(event -> event.string("message")))
        .contains(
            "A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 3"
                + " addresses were skipped");
  }
}
