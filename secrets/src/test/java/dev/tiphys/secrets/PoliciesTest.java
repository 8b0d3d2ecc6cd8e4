package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.CONFIG_MAPS;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a Secret, by `creationPolicy` and `deletionPolicy`.
class PoliciesTest {

  private static final String TWO =
      "data: [{secretKey: a, remoteRef: {key: a}}, {secretKey: b, remoteRef: {key: b}}]";

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(2);
    it.provider.secrets.put("a", "1");
    it.provider.secrets.put("b", "2");
    it.store();
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void target(String fields) {
    it.external("refreshInterval: 1m\ntarget: {" + fields + "}\n" + TWO);
  }

  private void given(String yaml) {
    it.cluster.create(
        SECRETS,
        "apiVersion: v1\nkind: Secret\nmetadata: {name: app, namespace: default}\n" + yaml);
  }

  @ParameterizedTest(name = "{0}, there before {1}: there {2}, own {3}, theirs {4}, {5}")
  @CsvSource({
    "Owner,         false, true,  true,  false, SecretSynced",
    "Owner,         true,  true,  true,  false, SecretSynced",
    "Orphan,        false, true,  false, false, SecretSynced",
    "Orphan,        true,  true,  false, false, SecretSynced",
    "Merge,         false, false, false, false, SecretMissing",
    "Merge,         true,  true,  false, true,  SecretSynced",
    "CreateOrMerge, false, true,  false, false, SecretSynced",
    "CreateOrMerge, true,  true,  false, true,  SecretSynced",
    "None,          false, false, false, false, SecretSynced"
  })
  void creation(
      String policy, boolean before, boolean there, boolean owned, boolean keeps, String reason) {
    if (before) {
      given("stringData: {theirs: kept}");
    }
    target("creationPolicy: " + policy);

    assertThat(it.ready()).startsWith("True " + reason);
    assertThat(it.hasSecret("app")).isEqualTo(there);
    if (there) {
      assertThat(it.values("app")).containsEntry("a", "1").containsEntry("b", "2");
      assertThat(it.values("app").containsKey("theirs")).isEqualTo(keeps);
      Meta meta = Meta.of(it.secret("app"));
      assertThat(meta.isControlledBy(Meta.of(it.external()).uid())).isEqualTo(owned);
      assertThat(meta.labels().has("reconcile.external-secrets.io/created-by")).isEqualTo(owned);
      assertThat(meta.label("reconcile.external-secrets.io/managed")).isEqualTo("true");
    }
    assertThat(it.external().string("status", "binding", "name")).isEqualTo(there ? "app" : "");
  }

  @ParameterizedTest(name = "{0} {1}, nothing left: {2}")
  @CsvSource({
    "Owner,  Retain, 'False SecretSyncedError: could not get secret data from provider', 2",
    "Owner,  Delete, 'True SecretDeleted: secret deleted due to DeletionPolicy=Delete',  0",
    "Owner,  Merge,  'True SecretSynced: secret synced',                                 0",
    "Orphan, Merge,  'True SecretSynced: secret synced',                                 0",
    "Orphan, Delete, 'False SecretSyncedError: could not delete secret',                 2"
  })
  void deletion(String creation, String deletion, String ready, int keys) {
    target("creationPolicy: " + creation + ", deletionPolicy: " + deletion);
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    it.provider.secrets.clear();
    it.advance(70);

    assertThat(it.ready()).isEqualTo(ready);
    assertThat(it.hasSecret("app") ? it.values("app").size() : 0).isEqualTo(keys);
    assertThat(it.hasSecret("app")).isEqualTo(!deletion.equals("Delete") || keys > 0);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Retain, 2", "Delete, 1", "Merge, 1"})
  void oneOfSeveralGone(String deletion, int keys) {
    target("deletionPolicy: " + deletion);
    it.provider.secrets.remove("b");
    it.advance(70);

    assertThat(it.values("app")).hasSize(keys).containsEntry("a", "1");
    if (keys == 1) {
      assertThat(it.cluster.events("app"))
          .contains(
              "MissingProviderSecret: secret does not exist at provider using spec.dataFrom[1] (key=b)");
    }
  }

  @Test
  void nothingFoundIsNoErrorIfAllIsToStay() {
    it.external("dataFrom: [{find: {name: {regexp: nothing}}}]");
    assertThat(it.ready())
        .isEqualTo("True SecretSynced: secret retained due to DeletionPolicy=Retain");
    assertThat(it.hasSecret("app")).isFalse();
  }

  @ParameterizedTest(name = "{0} {1}: stays {2}")
  @CsvSource({
    "Owner,  Retain, false", // its owner is gone
    "Owner,  Delete, false",
    "Orphan, Retain, true",
    "Orphan, Merge,  true"
  })
  void theEndOfAnExternalSecret(String creation, String deletion, boolean stays) {
    target("creationPolicy: " + creation + ", deletionPolicy: " + deletion);
    it.cluster.delete(EXTERNAL_SECRETS, "app");
    it.advance(120);
    assertThat(it.cluster.names(EXTERNAL_SECRETS)).isEmpty();
    assertThat(it.hasSecret("app")).isEqualTo(stays);
  }

  @Test
  void anOrphanIsLeftAsOthersMakeItUntilItIsDue() {
    target("creationPolicy: Orphan");
    it.cluster.delete(SECRETS, "app");
    it.advance(5);
    assertThat(it.hasSecret("app")).isFalse();
    it.advance(65);
    assertThat(it.values("app")).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void keysThatAreNoLongerWantedLeaveAMergedSecretAndOthersStay() {
    given("stringData: {theirs: kept}");
    target("creationPolicy: Merge");
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object -> object.withAt(object.struct("spec").list("data").subList(0, 1), "spec", "data"));
    it.advance(5);
    assertThat(it.values("app")).isEqualTo(Map.of("theirs", "kept", "a", "1"));
  }

  @Test
  void aPolicyThatNoLongerOwnsLetsGo() {
    target("creationPolicy: Owner");
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object -> object.withAt("Orphan", "spec", "target", "creationPolicy"));
    it.advance(5);
    assertThat(Meta.of(it.secret("app")).owners()).isEmpty();
    assertThat(Meta.of(it.secret("app")).labels().has("reconcile.external-secrets.io/created-by"))
        .isFalse();
    it.cluster.delete(EXTERNAL_SECRETS, "app");
    it.advance(120);
    assertThat(it.hasSecret("app")).isTrue();
  }

  @Test
  void anImmutableSecretStaysAsItWasMade() {
    target("immutable: true");
    assertThat(it.secret("app").bool("immutable")).isTrue();
    it.provider.secrets.put("a", "newer");
    it.advance(70);
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    assertThat(it.values("app")).containsEntry("a", "1");
  }

  @Test
  void aSecretThatOthersMadeImmutableIsAnErrorThatIsNotTriedAgain() {
    given("immutable: true\nstringData: {a: theirs}");
    target("creationPolicy: Owner");
    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: could not update secret, target is immutable");
    assertThat(it.cluster.events("app"))
        .contains("UpdateFailed: unable to mutate secret app: secret is immutable");
    assertThat(it.values("app")).isEqualTo(Map.of("a", "theirs"));
    int asked = it.provider.reads;
    it.advance(600);
    assertThat(it.provider.reads).isEqualTo(asked);
  }

  @Test
  void aSecretThatAnotherControllerOwnsIsNotTaken() {
    given(
        """
        stringData: {a: theirs}
        """);
    it.cluster.create(
        CONFIG_MAPS,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owner, namespace: default}");
    String uid = Meta.of(it.cluster.get(CONFIG_MAPS, "owner")).uid();
    it.cluster.change(
        SECRETS,
        "app",
        secret ->
            secret.withAt(
                List.of(
                    Yaml.struct(
                        "{apiVersion: v1, kind: ConfigMap, name: owner, controller: true, uid: "
                            + uid
                            + "}")),
                "metadata",
                "ownerReferences"));
    target("creationPolicy: Owner");
    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: failed to take ownership of target secret");
    assertThat(it.cluster.events("app"))
        .contains(
            "UpdateFailed: unable to mutate secret app: could not set controller reference on secret:"
                + " Object default/app is already owned by another ConfigMap controller owner");
    assertThat(it.values("app")).isEqualTo(Map.of("a", "theirs"));
  }

  @Test
  void oneOfTheSameNameTakesOverWhatTheOneBeforeItOwned() {
    target("creationPolicy: Owner");
    it.stop();
    String uid = Meta.of(it.external()).uid();
    it.cluster.change(
        EXTERNAL_SECRETS, "app", object -> object.withAt(List.of(), "metadata", "finalizers"));
    it.cluster.stopControllers();
    it.cluster.delete(EXTERNAL_SECRETS, "app");
    it.external("target: {creationPolicy: Owner}\n" + TWO);
    it.begin();
    it.advance(40);
    assertThat(Objects.requireNonNull(Meta.of(it.secret("app")).controller()).string("uid"))
        .isNotEqualTo(uid)
        .isEqualTo(Meta.of(it.external()).uid());
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
  }
}
