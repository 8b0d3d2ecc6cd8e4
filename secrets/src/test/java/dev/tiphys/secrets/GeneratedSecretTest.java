package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_GENERATORS;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_KINDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Secrets that are made up, and Pods that follow Secrets.
class GeneratedSecretTest {

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(7);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void anExternalSecretCanBeMadeUpAndIsAnotherAtEachRefresh() {
    it.cluster.create(
        GENERATOR_KINDS.get(0),
        """
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: Password
        metadata: {name: fresh, namespace: default}
        spec: {length: 16, digits: 4, symbols: 0, secretKeys: [one, two]}
        """);
    it.external(
        """
        refreshInterval: 1m
        dataFrom: [{sourceRef: {generatorRef: {kind: Password, name: fresh}}}]
        """);
    assertThat(it.values("app")).containsOnlyKeys("one", "two");
    String before = it.values("app").get("one");
    assertThat(before).hasSize(16).isNotEqualTo(it.values("app").get("two"));
    it.advance(30);
    assertThat(it.values("app")).containsEntry("one", before);
    it.advance(40);
    assertThat(it.values("app").get("one")).isNotEqualTo(before);
  }

  @Test
  void aGeneratorCanBeTheClusters() {
    it.cluster.create(
        CLUSTER_GENERATORS,
        """
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: ClusterGenerator
        metadata: {name: shared}
        spec: {kind: Fake, generator: {fakeSpec: {data: {a: "1"}}}}
        """);
    it.external("dataFrom: [{sourceRef: {generatorRef: {kind: ClusterGenerator, name: shared}}}]");
    assertThat(it.values("app")).containsEntry("a", "1");
  }

  @Test
  void aGeneratorForAnotherClassOfControllersIsLeftAlone() {
    it.cluster.create(
        GENERATOR_KINDS.get(2),
        """
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: Fake
        metadata: {name: theirs, namespace: default}
        spec: {controller: another, data: {a: "1"}}
        """);
    it.external("dataFrom: [{sourceRef: {generatorRef: {kind: Fake, name: theirs}}}]");
    assertThat(it.hasSecret("app")).isFalse();
    assertThat(it.external().struct("status").isEmpty()).isTrue();
  }

  @Test
  void aDeploymentThatAsksForItRestartsForNewValuesOnly() {
    it.provider.secrets.put("db", "s3cret");
    it.store();
    it.external("refreshInterval: 1m\ndata: [{secretKey: password, remoteRef: {key: db}}]");
    it.cluster.create(
        DEPLOYMENTS,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: default
          annotations: {reloader.stakater.com/auto: "true"}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - {name: web, image: web, envFrom: [{secretRef: {name: app}}]}
        """);
    it.advance(30);
    Struct before = template();

    it.cluster.change(
        SECRETS, "app", secret -> secret.withAt("changed", "metadata", "labels", "other"));
    it.advance(70);
    assertThat(template()).isEqualTo(before);

    it.provider.secrets.put("db", "newer");
    it.advance(70);
    assertThat(it.values("app")).containsEntry("password", "newer");
    assertThat(template()).isNotEqualTo(before);
  }

  private Struct template() {
    return it.cluster.get(DEPLOYMENTS, "web").struct("spec", "template");
  }
}
