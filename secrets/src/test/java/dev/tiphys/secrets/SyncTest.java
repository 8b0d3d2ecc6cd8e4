package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Secrets are kept as stores have them: by interval, on change, and again when they are changed.
class SyncTest {

  private static final String PASSWORD = "data: [{secretKey: password, remoteRef: {key: db}}]";

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(1);
    it.provider.secrets.put("db", "s3cret");
    it.store();
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aSecretIsMadeOfWhatTheStoreHas() {
    it.external(PASSWORD);

    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    assertThat(it.values("app")).isEqualTo(Map.of("password", "s3cret"));
    Struct secret = it.secret("app");
    assertThat(secret.string("type")).isEqualTo("Opaque");
    assertThat(Meta.of(secret).isControlledBy(Meta.of(it.external()).uid())).isTrue();
    assertThat(Meta.of(secret).label("team")).isEqualTo("blue");
    assertThat(Meta.of(secret).label("reconcile.external-secrets.io/managed")).isEqualTo("true");
    assertThat(it.external().string("status", "binding", "name")).isEqualTo("app");
    assertThat(it.cluster.events("app")).contains("Created: secret created");
    assertThat(Meta.of(it.external()).finalizers())
        .containsExactly("externalsecrets.external-secrets.io/externalsecret-cleanup");
  }

  @Test
  void theStoreIsAskedAgainWhenTheIntervalHasPassed() {
    it.external("refreshInterval: 1m\n" + PASSWORD);
    it.provider.secrets.put("db", "newer");
    int before = it.provider.reads;

    it.advance(50);
    assertThat(it.provider.reads).isEqualTo(before);
    it.advance(20);

    assertThat(it.values("app")).containsEntry("password", "newer");
    assertThat(it.provider.reads).isEqualTo(before + 1);
    assertThat(it.provider.opened).isEqualTo(1);
  }

  @Test
  void whatIsChangedByHandIsSetRightAtOnceAndWithoutWaiting() {
    it.external(PASSWORD);
    it.cluster.change(SECRETS, "app", secret -> secret.withAt("d3Jvbmc=", "data", "password"));
    it.advance(2);
    assertThat(it.values("app")).isEqualTo(Map.of("password", "s3cret"));

    it.cluster.delete(SECRETS, "app");
    it.advance(2);
    assertThat(it.values("app")).isEqualTo(Map.of("password", "s3cret"));
  }

  @Test
  void anIntervalOfZeroAsksOnce() {
    it.external("refreshInterval: 0s\n" + PASSWORD);
    it.provider.secrets.put("db", "newer");
    it.advance(100_000);
    assertThat(it.values("app")).containsEntry("password", "s3cret");
  }

  @Test
  void anAnnotationForcesIt() {
    it.external(PASSWORD);
    it.provider.secrets.put("db", "newer");
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object -> Meta.withAnnotation(object, "external-secrets.io/force-sync", "1"));
    it.advance(2);
    assertThat(it.values("app")).containsEntry("password", "newer");
  }

  @Test
  void anOutageKeepsTheLastGoodSecretAndSaysSo() {
    it.external("refreshInterval: 1m\n" + PASSWORD);
    it.provider.failure = "the store is away";
    it.advance(70);

    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: could not get secret data from provider");
    assertThat(it.values("app")).containsEntry("password", "s3cret");
    assertThat(it.cluster.events("app"))
        .contains("UpdateFailed: error processing spec.data[0] (key: db), err: the store is away");
    int asked = it.provider.reads;
    it.advance(600);
    assertThat(it.provider.reads - asked).isLessThan(15);

    it.provider.failure = "";
    it.provider.secrets.put("db", "newer");
    it.advance(320);
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    assertThat(it.values("app")).containsEntry("password", "newer");
  }

  @Test
  void aMissingSecretIsAnErrorUnlessItMayGo() {
    it.external("data: [{secretKey: a, remoteRef: {key: nowhere}}]");
    assertThat(it.ready())
        .isEqualTo("False SecretSyncedError: could not get secret data from provider");
    assertThat(it.hasSecret("app")).isFalse();
  }

  @Test
  void whatTheStoreHasNoMoreGoesIfItIsToGo() {
    it.external("refreshInterval: 1m\ntarget: {deletionPolicy: Delete}\n" + PASSWORD);
    it.provider.secrets.clear();
    it.advance(70);
    assertThat(it.hasSecret("app")).isFalse();
    assertThat(it.ready())
        .isEqualTo("True SecretDeleted: secret deleted due to DeletionPolicy=Delete");
  }

  @Test
  void aSecretThatIsAnothersIsLeftAlone() {
    it.external(PASSWORD);
    it.external("other", "target: {name: app}\n" + PASSWORD);
    assertThat(SecretsCluster.ready(it.cluster.get(EXTERNAL_SECRETS, "other")))
        .isEqualTo("False SecretSyncedError: target is owned by another ExternalSecret");
  }

  @Test
  void mergingAddsToASecretThatIsThere() {
    it.external("target: {name: mine, creationPolicy: Merge}\n" + PASSWORD);
    assertThat(it.ready())
        .isEqualTo("True SecretMissing: secret will not be created due to CreationPolicy=Merge");
    it.cluster.create(
        SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: mine, namespace: default}
        stringData: {own: kept}
        """);
    it.cluster.change(
        EXTERNAL_SECRETS,
        "app",
        object -> Meta.withAnnotation(object, "external-secrets.io/force-sync", "1"));
    it.advance(5);
    assertThat(it.values("mine")).isEqualTo(Map.of("own", "kept", "password", "s3cret"));
    assertThat(Meta.of(it.secret("mine")).owners()).isEmpty();
  }

  @Test
  void anotherNameTakesTheOldSecretAway() {
    it.external("target: {name: one}\n" + PASSWORD);
    it.cluster.change(
        EXTERNAL_SECRETS, "app", object -> object.withAt("two", "spec", "target", "name"));
    it.advance(5);
    assertThat(it.hasSecret("one")).isFalse();
    assertThat(it.values("two")).containsEntry("password", "s3cret");
    assertThat(it.cluster.events("app"))
        .contains("Deleted: secret deleted because it was orphaned");
  }

  @Test
  void everyEndOfAControllerIsSurvived() {
    it.external("refreshInterval: 1m\n" + PASSWORD);
    it.restart();
    it.provider.secrets.put("db", "newer");
    it.advance(70);
    assertThat(it.values("app")).containsEntry("password", "newer");
    assertThat(it.provider.ended).isEqualTo(1);
  }

  @Test
  void aStoreThatDoesNotWorkIsNotAskedAndOneThatDoesAgainIsAtOnce() {
    it.provider.invalid = "no";
    it.cluster.change(
        dev.tiphys.secrets.model.SecretsResources.SECRET_STORES,
        "main",
        store -> store.withAt(60L, "spec", "refreshInterval"));
    it.advance(2);
    it.external(PASSWORD);
    assertThat(it.cluster.events("app"))
        .contains(
            "UpdateFailed: error processing spec.data[0] (key: db), err: SecretStore \"main\" is not ready");
    it.provider.invalid = "";
    it.advance(30);
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
  }
}
