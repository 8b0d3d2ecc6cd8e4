package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.NAMESPACES;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_SECRET_STORES;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.DeleteOptions;
import dev.tiphys.controllers.Faults;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same ExternalSecret in the namespaces that are selected, and in no others.
class ClusterExternalSecretTest {

  private SecretsCluster it;

  @BeforeEach
  void start() {
    start(new SecretsCluster(5));
  }

  private void start(SecretsCluster cluster) {
    it = cluster;
    it.provider.secrets.put("db", "s3cret");
    it.cluster.create(
        CLUSTER_SECRET_STORES,
        """
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: shared}
        spec: {provider: {fake: {data: []}}}
        """);
    namespace("blue-1", "blue");
    namespace("blue-2", "blue");
    namespace("red", "red");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void namespace(String name, String team) {
    it.cluster.create(
        NAMESPACES,
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {team: %s}}}"
            .formatted(name, team));
  }

  private void everywhere(String fields) {
    it.cluster.create(
        CLUSTER_EXTERNAL_SECRETS,
        """
        apiVersion: external-secrets.io/v1
        kind: ClusterExternalSecret
        metadata: {name: db, annotations: {external-secrets.io/force-sync: "7"}}
        spec:
          externalSecretSpec:
            secretStoreRef: {name: shared, kind: ClusterSecretStore}
            data: [{secretKey: password, remoteRef: {key: db}}]
        %s
        """
            .formatted(fields.indent(2)));
    it.advance(5);
  }

  private Struct status() {
    return it.cluster.get(CLUSTER_EXTERNAL_SECRETS, "db").struct("status");
  }

  private List<String> provisioned() {
    return status().strings("provisionedNamespaces");
  }

  /// Where an ExternalSecret of this name is.
  private List<String> places(String name) {
    List<String> places = new ArrayList<>();
    for (String namespace : List.of("blue-1", "blue-2", "default", "red")) {
      if (it.cluster.api.find(EXTERNAL_SECRETS, namespace, name) != null) {
        places.add(namespace);
      }
    }
    return places;
  }

  @Test
  void namespacesAreSelectedByLabelsAndByName() {
    everywhere(
        """
        namespaceSelector: {matchLabels: {team: blue}}
        namespaces: [default]
        externalSecretMetadata: {labels: {a: b}, annotations: {c: d}}
        """);
    assertThat(places("db")).containsExactly("blue-1", "blue-2", "default");
    assertThat(provisioned()).containsExactly("blue-1", "blue-2", "default");
    assertThat(status().string("externalSecretName")).isEqualTo("db");
    assertThat(status().structs("conditions"))
        .containsExactly(Struct.of("type", "Ready", "status", "True"));
    Struct made = it.cluster.api.get(EXTERNAL_SECRETS, "blue-1", "db");
    assertThat(Meta.of(made).label("a")).isEqualTo("b");
    assertThat(Meta.of(made).annotation("c")).isEqualTo("d");
    assertThat(Meta.of(made).annotation("external-secrets.io/force-sync")).isEqualTo("7");
    assertThat(Meta.isTrue(made, "Ready")).isTrue();
    assertThat(it.cluster.api.get(SECRETS, "blue-1", "db").struct("data").names())
        .containsExactly("password");
    assertThat(Meta.of(it.cluster.get(NAMESPACES, "blue-1")).finalizers())
        .contains("externalsecrets.external-secrets.io/ces-db");
    assertThat(it.metrics())
        .contains(
            "clusterexternalsecret_status_condition{name=\"db\",namespace=\"\",condition=\"Ready\",status=\"True\"} 1")
        .contains("clusterexternalsecret_reconcile_duration{name=\"db\"");
  }

  @Test
  void namespacesThatComeAndThatGoAreFollowed() {
    everywhere("namespaceSelectors: [{matchLabels: {team: blue}}]");
    namespace("default-2", "blue");
    it.cluster.change(
        NAMESPACES, "red", namespace -> namespace.withAt("blue", "metadata", "labels", "team"));
    it.cluster.change(
        NAMESPACES, "blue-1", namespace -> namespace.withAt("red", "metadata", "labels", "team"));
    it.advance(5);
    assertThat(provisioned()).containsExactly("blue-2", "default-2", "red");
    assertThat(places("db")).containsExactly("blue-2", "red");
    assertThat(Meta.of(it.cluster.get(NAMESPACES, "blue-1")).finalizers()).isEmpty();

    it.cluster.delete(NAMESPACES, "red");
    it.advance(60);
    assertThat(it.cluster.names(NAMESPACES)).doesNotContain("red");
    assertThat(provisioned()).containsExactly("blue-2", "default-2");
  }

  @Test
  void anExternalSecretThatIsAnothersIsLeftAlone() {
    it.cluster.create(
        EXTERNAL_SECRETS,
        """
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: db, namespace: blue-1}
        spec: {secretStoreRef: {name: mine}, data: [{secretKey: a, remoteRef: {key: b}}]}
        """);
    everywhere("namespaceSelector: {matchLabels: {team: blue}}");
    assertThat(provisioned()).containsExactly("blue-2");
    assertThat(status().structs("failedNamespaces"))
        .containsExactly(
            Struct.of(
                "namespace", "blue-1", "reason", "external secret already exists in namespace"));
    assertThat(status().structs("conditions").getFirst().string("message"))
        .isEqualTo("one or more namespaces failed");
    assertThat(
            it.cluster
                .api
                .get(EXTERNAL_SECRETS, "blue-1", "db")
                .string("spec", "secretStoreRef", "name"))
        .isEqualTo("mine");
    it.cluster.delete(CLUSTER_EXTERNAL_SECRETS, "db");
    it.advance(5);
    assertThat(places("db")).containsExactly("blue-1");
  }

  @Test
  void anotherNameTakesTheOldOnesAway() {
    everywhere("namespaceSelector: {matchLabels: {team: blue}}\nexternalSecretName: one");
    it.cluster.change(
        CLUSTER_EXTERNAL_SECRETS,
        "db",
        object -> object.withAt("two", "spec", "externalSecretName"));
    it.advance(5);
    assertThat(places("one")).isEmpty();
    assertThat(places("two")).containsExactly("blue-1", "blue-2");
    assertThat(status().string("externalSecretName")).isEqualTo("two");
  }

  @Test
  void whatIsChangedByHandIsSetRight() {
    everywhere("namespaceSelector: {matchLabels: {team: blue}}");
    it.cluster.api.update(
        EXTERNAL_SECRETS,
        it.cluster
            .api
            .get(EXTERNAL_SECRETS, "blue-1", "db")
            .withAt("other", "spec", "secretStoreRef", "name"));
    it.cluster.api.delete(EXTERNAL_SECRETS, "blue-2", "db", DeleteOptions.DEFAULT);
    it.advance(5);
    assertThat(places("db")).containsExactly("blue-1", "blue-2");
    assertThat(
            it.cluster
                .api
                .get(EXTERNAL_SECRETS, "blue-1", "db")
                .string("spec", "secretStoreRef", "name"))
        .isEqualTo("shared");
  }

  @Test
  void itsEndIsTheEndOfAll() {
    everywhere("namespaceSelector: {matchLabels: {team: blue}}");
    it.cluster.delete(CLUSTER_EXTERNAL_SECRETS, "db");
    it.advance(60);
    assertThat(it.cluster.names(CLUSTER_EXTERNAL_SECRETS)).isEmpty();
    assertThat(places("db")).isEmpty();
    assertThat(it.cluster.api.find(SECRETS, "blue-1", "db")).isNull();
    assertThat(Meta.of(it.cluster.get(NAMESPACES, "blue-1")).finalizers()).isEmpty();
  }

  @Test
  void aSelectorThatIsNoneIsTold() {
    everywhere("namespaceSelector: {matchExpressions: [{key: team, operator: Like}]}");
    assertThat(status().structs("failedNamespaces"))
        .containsExactly(
            Struct.of(
                "namespace",
                "unknown",
                "reason",
                "failed to convert label selector: \"Like\" is not a valid label selector operator"));
  }

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.secrets", 16)).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whateverGetsLostTheSelectedNamespacesHaveItInTheEnd(long seed) {
    it.close();
    start(new SecretsCluster(seed, new Faults(0.1, 0.1)));
    everywhere("namespaceSelector: {matchLabels: {team: blue}}");
    for (int i = 0; i < 20; i++) {
      String name = List.of("blue-1", "blue-2", "red").get(it.cluster.world.random().nextInt(3));
      String team = it.cluster.world.random().nextInt(2) == 0 ? "blue" : "red";
      switch (it.cluster.world.random().nextInt(3)) {
        case 0 -> it.restart();
        case 1 ->
            it.cluster.change(
                NAMESPACES,
                name,
                namespace -> namespace.withAt(team, "metadata", "labels", "team"));
        default ->
            it.cluster.change(
                CLUSTER_EXTERNAL_SECRETS,
                "db",
                object -> object.withAt("as-" + team, "spec", "externalSecretName"));
      }
      it.advance(it.cluster.world.random().nextInt(20));
    }
    it.advance(1_200);
    List<String> wanted =
        it.cluster.list(NAMESPACES).stream()
            .filter(namespace -> Meta.of(namespace).label("team").equals("blue"))
            .map(namespace -> Meta.of(namespace).name())
            .sorted()
            .toList();
    assertThat(provisioned()).isEqualTo(wanted);
    assertThat(places(status().string("externalSecretName"))).isEqualTo(wanted);

    it.cluster.delete(CLUSTER_EXTERNAL_SECRETS, "db");
    it.advance(600);
    assertThat(places("as-blue")).isEmpty();
    assertThat(places("as-red")).isEmpty();
    assertThat(it.cluster.list(NAMESPACES))
        .allSatisfy(each -> assertThat(Meta.of(each).finalizers()).isEmpty());
  }
}
