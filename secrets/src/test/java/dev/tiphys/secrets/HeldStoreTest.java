package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_SECRET_STORES;
import static dev.tiphys.secrets.model.SecretsResources.PUSH_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.SECRET_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Stores do not go while PushSecrets have to take back what they pushed there.
class HeldStoreTest {

  private static final String ONE =
      """
      deletionPolicy: Delete
      selector: {secret: {name: own}}
      data: [{match: {secretKey: password, remoteRef: {remoteKey: db}}}]
      """;

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(6);
    it.store();
    it.cluster.create(
        SECRETS,
        "{apiVersion: v1, kind: Secret, metadata: {name: own, namespace: default}, stringData: {password: s3cret}}");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void push(String store) {
    it.cluster.create(
        PUSH_SECRETS,
        """
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata: {name: app, namespace: default}
        spec:
          secretStoreRefs: [%s]
        %s
        """
            .formatted(store, ONE.indent(2)));
    it.advance(3);
  }

  private List<String> holds() {
    return Meta.of(it.cluster.get(SECRET_STORES, "main")).finalizers();
  }

  @Test
  void aStoreStaysUntilItHasGivenBackWhatWasPushedToIt() {
    assertThat(holds()).isEmpty();
    push("{name: main}");
    assertThat(holds()).containsExactly("secretstore.externalsecrets.io/finalizer");

    it.cluster.delete(SECRET_STORES, "main");
    it.advance(3);
    assertThat(it.cluster.names(SECRET_STORES)).containsExactly("main");
    assertThat(it.provider.secrets).containsOnlyKeys("db");

    it.cluster.delete(PUSH_SECRETS, "app");
    it.advance(3);
    assertThat(it.provider.secrets).isEmpty();
    assertThat(it.cluster.names(PUSH_SECRETS)).isEmpty();
    assertThat(it.cluster.names(SECRET_STORES)).isEmpty();
  }

  @Test
  void aStoreIsLetGoOnceNothingIsToBeTakenBack() {
    push("{name: main}");
    it.cluster.change(
        PUSH_SECRETS, "app", object -> object.withAt("None", "spec", "deletionPolicy"));
    it.advance(3);
    assertThat(holds()).isEmpty();
  }

  @Test
  void aStoreIsKeptForWhatSelectsItByLabelsToo() {
    it.cluster.change(
        SECRET_STORES, "main", store -> store.withAt("blue", "metadata", "labels", "team"));
    it.advance(1);
    push("{labelSelector: {matchLabels: {team: blue}}}");
    assertThat(holds()).containsExactly("secretstore.externalsecrets.io/finalizer");
  }

  @Test
  void aStoreOfTheClusterIsKeptForPushSecretsOfAllNamespaces() {
    it.cluster.create(
        CLUSTER_SECRET_STORES,
        """
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: all}
        spec: {provider: {fake: {data: []}}}
        """);
    it.advance(1);
    push("{name: all, kind: ClusterSecretStore}");
    it.cluster.delete(CLUSTER_SECRET_STORES, "all");
    it.advance(3);
    assertThat(it.cluster.names(CLUSTER_SECRET_STORES)).containsExactly("all");
    it.cluster.delete(PUSH_SECRETS, "app");
    it.advance(3);
    assertThat(it.cluster.names(CLUSTER_SECRET_STORES)).isEmpty();
    assertThat(holds()).isEmpty();
  }

  @Test
  void anEndOfAllAtOnceTakesBackWhatWasPushed() {
    push("{name: main}");
    it.cluster.delete(SECRET_STORES, "main");
    it.cluster.delete(PUSH_SECRETS, "app");
    it.advance(3);
    assertThat(it.provider.secrets).isEmpty();
    assertThat(it.cluster.names(SECRET_STORES)).isEmpty();
  }
}
