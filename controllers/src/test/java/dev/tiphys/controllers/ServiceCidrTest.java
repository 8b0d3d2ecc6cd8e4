package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.client.ApiResource.SERVICE_CIDRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The life of a range that Services get addresses from.
class ServiceCidrTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void range(String name, String cidr) {
    cluster.create(
        SERVICE_CIDRS,
        """
        apiVersion: networking.k8s.io/v1
        kind: ServiceCIDR
        metadata: {name: %s}
        spec: {cidrs: ['%s']}
        """
            .formatted(name, cidr));
    cluster.settle();
  }

  private Struct find(String name) {
    return cluster.list(SERVICE_CIDRS).stream()
        .filter(range -> Meta.of(range).name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private String ready(String name) {
    Struct condition = Objects.requireNonNull(Meta.condition(find(name), "Ready"));
    return condition.string("status")
        + " "
        + condition.string("reason")
        + " "
        + condition.string("message");
  }

  @Test
  void aNewOneIsReadyAndHeld() {
    range("more", "10.9.0.0/24");

    assertThat(ready("more")).isEqualTo("True  Kubernetes Service CIDR is ready");
    assertThat(find("more").struct("metadata").strings("finalizers"))
        .containsExactly("networking.k8s.io/service-cidr-finalizer");
  }

  @Test
  void itGoesWhenNoServiceHasAnAddressThatOnlyItHolds() {
    range("more", "10.9.0.0/24");
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {clusterIP: 10.9.0.9, ports: [{port: 80}]}
        """);
    cluster.settle();
    cluster.delete(SERVICE_CIDRS, "more");
    cluster.settle();
    assertThat(ready("more"))
        .isEqualTo(
            "False Terminating There are still IPAddresses referencing the ServiceCIDR, please remove"
                + " them or create a new ServiceCIDR");

    cluster.delete(SERVICES, "web");
    cluster.settle();

    assertThat(find("more")).isNull();
  }

  @Test
  void itGoesWhenAnotherOneHoldsItsAddresses() {
    range("more", "10.9.0.0/24");
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {clusterIP: 10.9.0.9, ports: [{port: 80}]}
        """);
    cluster.settle();
    cluster.delete(SERVICE_CIDRS, "more");
    cluster.settle();

    range("wider", "10.9.0.0/16");

    assertThat(find("more")).isNull();
  }
}
