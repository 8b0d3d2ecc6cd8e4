package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A Deployment whose Pods admission refuses says why.
class RefusedPodsTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void whatANamespaceForbidsIsToldByTheDeploymentAndByAnEvent() {
    cluster.create(
        ApiResource.NAMESPACES,
        "{metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: baseline}}}");
    cluster.create(
        ApiResource.DEPLOYMENTS,
        """
        metadata: {name: d, namespace: strict}
        spec:
          selector: {matchLabels: {a: b}}
          template:
            metadata: {labels: {a: b}}
            spec: {hostNetwork: true, containers: [{name: c, image: i}]}
        """);
    cluster.settle();

    String refusal = "violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)";
    Struct deployment = cluster.api.get(ApiResource.DEPLOYMENTS, "strict", "d");
    Struct condition = Objects.requireNonNull(Meta.condition(deployment, "ReplicaFailure"));
    assertThat(condition.string("reason")).isEqualTo("FailedCreate");
    assertThat(condition.string("message")).endsWith(refusal);
    assertThat(cluster.api.list(ApiResource.EVENTS, "strict", ListOptions.ALL).items())
        .anySatisfy(
            event -> {
              assertThat(event.string("reason")).isEqualTo("FailedCreate");
              assertThat(event.string("message")).endsWith(refusal);
            });
    assertThat(cluster.api.list(ApiResource.PODS, "strict", ListOptions.ALL).items()).isEmpty();
  }
}
