package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_KINDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.secrets.vault.Vault;
import dev.tiphys.secrets.vault.VaultServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Credentials that Vault makes, and their leases.
class VaultDynamicSecretTest {

  private static final ApiResource KIND =
      GENERATOR_KINDS.stream()
          .filter(each -> each.kind().equals("VaultDynamicSecret"))
          .findFirst()
          .orElseThrow();

  private SecretsCluster it;
  private VaultServer server;
  private Setup setup;
  private Supplier<List<String>> leases;

  @BeforeEach
  void start() throws IOException {
    it = new SecretsCluster(1);
    Vault vault = new Vault(it.cluster.world::now);
    setup = Setup.of(vault);
    setup.appRole("approle", "role-id", "secret-id", Duration.ofHours(1));
    leases = setup.leases("database", Duration.ofMinutes(30), Duration.ofHours(5));
    server = Listeners.plain(vault);
    Struct secret =
        Yaml.struct(
            "{apiVersion: v1, kind: Secret, metadata: {name: vault, namespace: default}, stringData: {id: secret-id}}");
    Struct _ = it.cluster.api.create(SECRETS, secret);
  }

  @AfterEach
  void close() {
    it.close();
    server.close();
  }

  private void generator(String name, String spec) {
    it.cluster.create(
        KIND,
        """
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: VaultDynamicSecret
        metadata: {name: %s, namespace: default}
        spec:
          provider:
            server: %s
            auth: {appRole: {path: approle, roleId: role-id, secretRef: {name: vault, key: id}}}
        %s
        """
            .formatted(name, server.uri(), spec.indent(2)));
  }

  private void external(String name, String interval) {
    it.cluster.create(
        EXTERNAL_SECRETS,
        """
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: %s, namespace: default}
        spec:
          refreshInterval: %s
          dataFrom:
          - sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: VaultDynamicSecret, name: made}}
        """
            .formatted(name, interval));
    it.advance(2);
  }

  @Test
  void aLeaseIsRenewedAtTwoThirdsOfItsLifeWhateverTheInterval() {
    generator("made", "path: database/creds/app");
    external("app", "3h");
    assertThat(it.values("app"))
        .isEqualTo(Map.of("username", "made-user-1", "password", "made-password-1"));

    it.advance(19 * 60);
    assertThat(server.count("PUT sys/leases/renew")).isZero();
    it.advance(2 * 60);
    assertThat(server.count("PUT sys/leases/renew")).isEqualTo(1);
    it.advance(2 * 3600);
    assertThat(it.values("app")).containsEntry("username", "made-user-1");
    assertThat(leases.get()).hasSize(1);
    assertThat(server.count("PUT auth/approle/login")).isEqualTo(1);
  }

  @Test
  void whatComesToItsEndIsMadeAnewBefore() {
    generator("made", "path: database/creds/app");
    external("app", "100h");
    it.advance(4 * 3600 + 55 * 60);
    assertThat(it.values("app")).containsEntry("username", "made-user-2");
    assertThat(it.ready()).isEqualTo("True SecretSynced: secret synced");
    it.advance(3600);
    assertThat(leases.get()).containsExactly("database/creds/app/lease-number-2");
  }

  @Test
  void eachThatAsksHasALeaseOfItsOwnAndGivesItBack() {
    generator("made", "path: database/creds/app");
    external("app", "100h");
    external("other", "100h");
    assertThat(it.values("other")).containsEntry("username", "made-user-2");
    assertThat(server.count("PUT auth/approle/login")).isEqualTo(1);
    it.cluster.delete(EXTERNAL_SECRETS, "other");
    it.advance(22 * 60);
    assertThat(leases.get()).containsExactly("database/creds/app/lease-number-1");
    assertThat(server.count("PUT sys/leases/revoke")).isEqualTo(1);
  }

  @Test
  void anOutageIsWaitedFor() {
    generator("made", "path: database/creds/app");
    external("app", "100h");
    it.advance(19 * 60);
    server.sealed = true;
    it.advance(5 * 60);
    server.sealed = false;
    it.advance(3600);
    assertThat(leases.get()).containsExactly("database/creds/app/lease-number-1");
  }

  @Test
  void aTokenIsMadeByWritingAndTakenFromItsOwnPart() {
    generator(
        "made",
        "path: auth/token/create\nmethod: POST\nresultType: Auth\nparameters: {policies: [apps]}");
    external("app", "1h");
    assertThat(it.values("app"))
        .containsKeys("client_token", "accessor")
        .containsEntry("policies", "[\"apps\"]")
        .containsEntry("lease_duration", "3600");
    assertThat(it.values("app").get("client_token")).startsWith("hvs.");
  }

  @Test
  void anAnswerIsTakenWhole() {
    generator("made", "path: database/creds/app\nresultType: Raw");
    external("app", "1h");
    assertThat(it.values("app"))
        .containsEntry("lease_duration", "1800")
        .containsEntry("lease_id", "database/creds/app/lease-number-1")
        .containsEntry("data", "{\"password\":\"made-password-1\",\"username\":\"made-user-1\"}")
        .doesNotContainKeys("auth", "wrap_info");
  }

  @Test
  void nothingIsAFailureUnlessItMayBe() {
    setup.kvTwo("secret");
    generator("made", "path: secret/data/none");
    external("app", "1h");
    assertThat(it.cluster.events("app"))
        .anyMatch(
            event -> event.endsWith("unable to get dynamic secret: empty response from Vault"));
    it.cluster.change(KIND, "made", object -> object.withAt(true, "spec", "allowEmptyResponse"));
    it.advance(400);
    assertThat(it.ready()).startsWith("True");
  }

  @Test
  void aLoginThatFailsIsTold() {
    setup.appRole("approle", "role-id", "another", Duration.ofHours(1));
    generator("made", "path: database/creds/app");
    external("app", "1h");
    assertThat(it.cluster.events("app"))
        .anyMatch(
            event ->
                event.contains(
                    "unable to setup Vault client: unable to log in to auth method: unable to log in"
                        + " with app role auth: Error making API request."));
  }
}
