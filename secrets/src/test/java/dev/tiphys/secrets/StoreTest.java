package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.NAMESPACES;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_SECRET_STORES;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.SECRET_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether stores work, and which objects may use them.
class StoreTest {

  private static final String PASSWORD = "data: [{secretKey: password, remoteRef: {key: db}}]";

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(3);
    it.provider.secrets.put("db", "s3cret");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void clusterStore(String spec) {
    it.cluster.create(
        CLUSTER_SECRET_STORES,
        """
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: shared}
        spec:
          provider: {fake: {data: []}}
        %s
        """
            .formatted(spec.indent(2)));
    it.advance(1);
  }

  private String ofStore() {
    return SecretsCluster.ready(it.cluster.get(SECRET_STORES, "main"));
  }

  @Test
  void aStoreThatWorksSaysSo() {
    it.store();
    assertThat(ofStore()).isEqualTo("True Valid: store validated");
    assertThat(it.cluster.get(SECRET_STORES, "main").string("status", "capabilities"))
        .isEqualTo("ReadWrite");
    assertThat(it.cluster.events("main")).contains("Valid: store validated");
  }

  @Test
  void aStoreThatCannotBeOpenedOrDoesNotTakeItsCredentialsSaysSo() {
    it.provider.closed = "cannot find secret data for key: \"token\"";
    it.store();
    assertThat(ofStore()).isEqualTo("False InvalidProviderConfig: unable to create client");
    assertThat(it.cluster.events("main"))
        .contains("InvalidProviderConfig: cannot find secret data for key: \"token\"");

    it.provider.closed = "";
    it.provider.invalid = "invalid vault credentials";
    it.advance(30);
    assertThat(ofStore()).isEqualTo("False InvalidProviderConfig: unable to validate store");

    it.provider.invalid = "";
    it.advance(120);
    assertThat(ofStore()).isEqualTo("True Valid: store validated");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'', '', True",
    "'conditions: [{namespaces: [default]}]', '', True",
    "'conditions: [{namespaces: [other]}]', denied, False",
    "'conditions: [{namespaceRegexes: [\"^def.*\"]}]', '', True",
    "'conditions: [{namespaceRegexes: [\"^other\"]}]', denied, False",
    "'conditions: [{namespaceSelector: {matchLabels: {team: blue}}}]', '', True",
    "'conditions: [{namespaceSelector: {matchLabels: {team: red}}}]', denied, False",
    "'conditions: [{namespaces: [other]}, {namespaces: [default]}]', '', True"
  })
  void aStoreOfTheClusterIsForSomeNamespaces(String conditions, String denied, String ready) {
    it.cluster.change(
        NAMESPACES, "default", namespace -> namespace.withAt("blue", "metadata", "labels", "team"));
    clusterStore(conditions);
    it.external("secretStoreRef: {name: shared, kind: ClusterSecretStore}\n" + PASSWORD);
    assertThat(it.ready()).startsWith(ready);
    if (!denied.isEmpty()) {
      assertThat(it.cluster.events("app"))
          .contains(
              "UpdateFailed: error processing spec.data[0] (key: db), err: using cluster store"
                  + " \"shared\" is not allowed from namespace \"default\": denied by spec.condition");
    }
  }

  @Test
  void aStoreThatIsNotThereIsAnErrorUntilItIs() {
    it.external(PASSWORD);
    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: could not get secret data from provider");
    assertThat(it.cluster.events("app"))
        .anySatisfy(event -> assertThat(event).contains("could not get SecretStore \"main\", "));
    it.store();
    it.advance(2);
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"default, true", "another, false"})
  void aStoreForAnotherClassOfControllersIsLeftAlone(String controller, boolean ours) {
    it.store();
    it.cluster.change(
        SECRET_STORES, "main", store -> store.withAt(controller, "spec", "controller"));
    it.advance(1);
    it.external(PASSWORD);
    assertThat(it.hasSecret("app")).isEqualTo(ours);
    assertThat(it.external().struct("status").isEmpty()).isEqualTo(!ours);
  }

  @Test
  void severalStoresServeOneSecret() {
    it.store();
    clusterStore("");
    it.provider.secrets.put("other", "{\"x\": \"1\"}");
    it.external(
        """
        data:
          - secretKey: password
            remoteRef: {key: db}
            sourceRef: {storeRef: {name: shared, kind: ClusterSecretStore}}
        dataFrom:
          - extract: {key: other}
        """);
    assertThat(it.values("app")).containsEntry("password", "s3cret").containsEntry("x", "1");
    assertThat(it.provider.opened).isEqualTo(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void manySecretsOfAStoreLogInOnceAndReadOnce(long seed) {
    it.close();
    it = new SecretsCluster(seed);
    it.provider.secrets.put("db", "s3cret");
    it.store();
    for (int i = 0; i < 40; i++) {
      it.cluster.create(
          EXTERNAL_SECRETS,
          """
          apiVersion: external-secrets.io/v1
          kind: ExternalSecret
          metadata: {name: app-%d, namespace: default}
          spec: {secretStoreRef: {name: main}, data: [{secretKey: a, remoteRef: {key: db}}]}
          """
              .formatted(i));
    }
    it.advance(30);
    assertThat(it.cluster.list(EXTERNAL_SECRETS))
        .allSatisfy(each -> assertThat(Meta.isTrue(each, "Ready")).isTrue());
    assertThat(it.provider.opened).isEqualTo(1);
    assertThat(it.provider.reads).isEqualTo(40);
  }

  @Test
  void theMetricsHaveTheNamesThatDashboardsLookFor() {
    it.store();
    it.external(PASSWORD);
    String metrics = it.metrics();
    for (String line :
        List.of(
            "externalsecret_sync_calls_total{name=\"app\",namespace=\"default\"}",
            "externalsecret_status_condition{name=\"app\",namespace=\"default\",condition=\"Ready\",status=\"True\"} 1",
            "externalsecret_status_condition{name=\"app\",namespace=\"default\",condition=\"Ready\",status=\"False\"} 0",
            "externalsecret_reconcile_duration{name=\"app\",namespace=\"default\"}",
            "secretstore_status_condition{name=\"main\",namespace=\"default\",condition=\"Ready\",status=\"True\"} 1",
            "secretstore_reconcile_duration{name=\"main\",namespace=\"default\"}")) {
      assertThat(metrics).contains(line);
    }
    it.provider.failure = "away";
    it.cluster.change(EXTERNAL_SECRETS, "app", object -> Meta.withAnnotation(object, "force", "1"));
    it.advance(2);
    assertThat(it.metrics())
        .containsPattern("externalsecret_sync_calls_error\\{name=\"app\".*} [1-9]");

    it.cluster.delete(EXTERNAL_SECRETS, "app");
    it.advance(5);
    assertThat(it.metrics()).doesNotContain("name=\"app\"");
  }
}
