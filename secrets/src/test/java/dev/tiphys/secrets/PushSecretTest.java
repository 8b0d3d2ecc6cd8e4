package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_KINDS;
import static dev.tiphys.secrets.model.SecretsResources.PUSH_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.SECRET_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Secrets of the cluster that a store has, too.
class PushSecretTest {

  private static final String ONE =
      "selector: {secret: {name: own}}\n"
          + "data: [{match: {secretKey: password, remoteRef: {remoteKey: db}}}]";

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(6);
    it.store();
    secret("own", "{password: s3cret, user: ann, a_U002f_b: slash}");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void secret(String name, String values) {
    it.cluster.create(
        SECRETS,
        "{apiVersion: v1, kind: Secret, metadata: {name: %s, namespace: default, labels: {push: yes-please}}, stringData: %s}"
            .formatted(name, values));
  }

  private void push(String spec) {
    String stores = spec.contains("secretStoreRefs") ? "" : "secretStoreRefs: [{name: main}]\n";
    it.cluster.create(
        PUSH_SECRETS,
        """
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata: {name: app, namespace: default}
        spec:
        %s
        """
            .formatted((stores + spec).indent(2)));
    it.advance(3);
  }

  private Struct pushed() {
    return it.cluster.get(PUSH_SECRETS, "app");
  }

  private String ready() {
    return SecretsCluster.ready(pushed());
  }

  private List<String> places() {
    return pushed().struct("status", "syncedPushSecrets", "SecretStore/main").names();
  }

  @Test
  void aValueIsPushedAndTold() {
    push(ONE);
    assertThat(ready()).isEqualTo("True Synced: PushSecret synced successfully");
    assertThat(it.provider.secrets).isEqualTo(Map.of("db", "s3cret"));
    assertThat(places()).containsExactly("db");
    assertThat(
            pushed()
                .string(
                    "status",
                    "syncedPushSecrets",
                    "SecretStore/main",
                    "db",
                    "match",
                    "remoteRef",
                    "remoteKey"))
        .isEqualTo("db");
    assertThat(pushed().string("status", "syncedResourceVersion")).startsWith("1-");
    assertThat(pushed().struct("status").has("refreshTime")).isTrue();
    assertThat(it.cluster.events("app")).contains("Synced: PushSecret synced successfully");
    assertThat(it.metrics())
        .contains(
            "pushsecret_status_condition{name=\"app\",namespace=\"default\",condition=\"Ready\",status=\"True\"} 1")
        .contains("pushsecret_reconcile_duration{name=\"app\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: [{match: {remoteRef: {remoteKey: all}}}] | {all={\"a_U002f_b\":\"slash\",\"password\":\"s3cret\",\"user\":\"ann\"}}",
        "data: [{conversionStrategy: ReverseUnicode, match: {secretKey: a/b, remoteRef: {remoteKey: x}}}] | {x=slash}",
        "dataTo: [{storeRef: {name: main}, match: {regexp: \"^[pu]\"}}] | {password=s3cret, user=ann}",
        "dataTo: [{storeRef: {name: main}, match: {regexp: user}, rewrite: [{regexp: {source: ^, target: team/}}]}] | {team/user=ann}",
        "dataTo: [{storeRef: {name: main}, conversionStrategy: ReverseUnicode, match: {regexp: /}}] | {a/b=slash}",
        "dataTo: [{storeRef: {name: main}, match: {regexp: \"^[pu]\"}, remoteKey: all}] | {all={\"password\":\"s3cret\",\"user\":\"ann\"}}"
      })
  void whatIsPushed(String data, String secrets) {
    push("selector: {secret: {name: own}}\n" + data);
    assertThat(ready()).isEqualTo("True Synced: PushSecret synced successfully");
    assertThat(it.provider.secrets.toString()).isEqualTo(secrets);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: [{match: {secretKey: none, remoteRef: {remoteKey: x}}}] | set secret failed: secret key none does not exist",
        "data: [{match: {secretKey: user, remoteRef: {remoteKey: x}}}, {match: {secretKey: password, remoteRef: {remoteKey: x}}}] | set secret failed: failed to merge data entries: duplicate remote key \"x\": source keys \"user\" and \"password\" both map to the same destination",
        "dataTo: [{storeRef: {name: other}}] | dataTo[0]: storeRef \"other\" not found in secretStoreRefs",
        "dataTo: [{storeRef: {labelSelector: {matchLabels: {a: b}}}}] | dataTo[0]: labelSelector does not match any store in secretStoreRefs",
        "dataTo: [{storeRef: {name: main}, match: {regexp: ^user$}, rewrite: [{regexp: {source: .*, target: ''}}]}] | set secret failed: failed to expand dataTo: dataTo[0]: empty remote key produced for source key \"user\""
      })
  void whatCannotBePushed(String data, String why) {
    push("selector: {secret: {name: own}}\n" + data);
    assertThat(ready()).isEqualTo("False Errored: " + why);
    assertThat(it.cluster.events("app")).contains("Errored: " + why);
  }

  @Test
  void aStoreOrASecretThatIsNotThereIsTold() {
    push("secretStoreRefs: [{name: none}]\n" + ONE);
    assertThat(ready())
        .isEqualTo(
            "False Errored: could not get SecretStore \"none\", secretstores.external-secrets.io \"none\" not found");
    it.cluster.delete(PUSH_SECRETS, "app");
    push(ONE.replace("name: own", "name: none"));
    assertThat(ready()).isEqualTo("False Errored: could not get source secret");
  }

  @Test
  void aStoreThatFailsIsTriedAgain() {
    it.provider.failure = "away";
    push(ONE);
    assertThat(ready())
        .isEqualTo(
            "False Errored: set secret failed: could not write remote ref password to target secretstore main: away");
    it.provider.failure = "";
    it.advance(60);
    assertThat(ready()).startsWith("True Synced");
  }

  @Test
  void newValuesArePushedByInterval() {
    push("refreshInterval: 1m\n" + ONE);
    it.cluster.change(SECRETS, "own", secret -> secret.withAt("bmV3ZXI=", "data", "password"));
    it.advance(30);
    assertThat(it.provider.secrets).containsEntry("db", "s3cret");
    it.advance(40);
    assertThat(it.provider.secrets).containsEntry("db", "newer");
  }

  @Test
  void whatAStoreHasCanBeKept() {
    it.provider.secrets.put("db", "theirs");
    push("updatePolicy: IfNotExists\n" + ONE);
    assertThat(it.provider.secrets).containsEntry("db", "theirs");
    assertThat(ready())
        .isEqualTo(
            "True Synced: PushSecret synced successfully. Existing secrets in providers unchanged.");
  }

  @Test
  void whatIsNoLongerWantedGoesIfItIsToGo() {
    push("deletionPolicy: Delete\n" + ONE);
    assertThat(Meta.of(pushed()).finalizers())
        .containsExactly("pushsecret.externalsecrets.io/finalizer");
    it.provider.secrets.put("others", "stay");
    it.cluster.change(
        PUSH_SECRETS,
        "app",
        object ->
            object.withAt(
                List.of(
                    Struct.of(
                        "match",
                        Struct.of(
                            "secretKey",
                            "user",
                            "remoteRef",
                            Struct.of("remoteKey", "name", "property", "first")))),
                "spec",
                "data"));
    it.advance(3);
    assertThat(it.provider.secrets).isEqualTo(Map.of("name", "ann", "others", "stay"));
    assertThat(places()).containsExactly("name/first");

    it.cluster.delete(PUSH_SECRETS, "app");
    it.advance(3);
    assertThat(it.cluster.names(PUSH_SECRETS)).isEmpty();
    assertThat(it.provider.secrets).isEqualTo(Map.of("others", "stay"));
  }

  @Test
  void withoutThatPolicyEverythingStays() {
    push(ONE);
    assertThat(Meta.of(pushed()).finalizers()).isEmpty();
    it.cluster.delete(PUSH_SECRETS, "app");
    it.advance(3);
    assertThat(it.provider.secrets).isEqualTo(Map.of("db", "s3cret"));
  }

  @Test
  void theEndOfTheSecretIsTheEndOfWhatWasPushed() {
    push("refreshInterval: 1m\ndeletionPolicy: Delete\n" + ONE);
    it.cluster.delete(SECRETS, "own");
    it.advance(70);
    assertThat(it.provider.secrets).isEmpty();
    assertThat(ready())
        .isEqualTo("False SourceDeleted: source secret deleted; provider secrets cleaned up");
    assertThat(pushed().struct("status", "syncedPushSecrets").isEmpty()).isTrue();
  }

  @Test
  void aTemplateMakesWhatIsPushed() {
    push(
        """
        selector: {secret: {name: own}}
        template: {data: {url: "u={{ .user }}:{{ .password }}"}}
        data: [{match: {secretKey: url, remoteRef: {remoteKey: url}}}]
        """);
    assertThat(it.provider.secrets).isEqualTo(Map.of("url", "u=ann:s3cret"));
  }

  @Test
  void storesAndSecretsCanBeSelectedByLabels() {
    it.cluster.change(
        SECRET_STORES, "main", store -> store.withAt("blue", "metadata", "labels", "team"));
    it.advance(1);
    push(
        """
        secretStoreRefs: [{labelSelector: {matchLabels: {team: blue}}}]
        selector: {secret: {selector: {matchLabels: {push: yes-please}}}}
        data: [{match: {secretKey: user, remoteRef: {remoteKey: user}}}]
        """);
    assertThat(it.provider.secrets).isEqualTo(Map.of("user", "ann"));
  }

  @Test
  void aGeneratorCanMakeWhatIsPushed() {
    it.cluster.create(
        GENERATOR_KINDS.get(0),
        """
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: Password
        metadata: {name: fresh, namespace: default}
        spec: {length: 12}
        """);
    push(
        """
        selector: {generatorRef: {kind: Password, name: fresh}}
        data: [{match: {secretKey: password, remoteRef: {remoteKey: db}}}]
        """);
    assertThat(it.provider.secrets.get("db")).hasSize(12);
  }
}
