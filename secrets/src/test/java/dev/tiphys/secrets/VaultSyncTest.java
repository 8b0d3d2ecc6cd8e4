package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.EVENTS;
import static dev.tiphys.client.ApiResource.NAMESPACES;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_SECRET_STORES;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.SECRET_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.HostileServer;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.secrets.vault.Vault;
import dev.tiphys.secrets.vault.VaultServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// ExternalSecrets whose store is a Vault, in a whole cluster.
class VaultSyncTest {

  private static final String ROLE = "role-id-0123456789";
  private static final String ID = "secret-id-0123456789";
  private static final String PASSWORD =
      "data: [{secretKey: password, remoteRef: {key: db, property: password}}]";

  private SecretsCluster it;
  private VaultServer server;
  private Setup.Puts engine;

  @BeforeEach
  void start() throws IOException {
    it = new SecretsCluster(1);
    Vault vault = new Vault(it.cluster.world::now);
    Setup setup = Setup.of(vault);
    setup.appRole("approle", ROLE, ID, Duration.ofHours(1));
    engine = setup.kvTwo("secret");
    engine.put("db", Struct.of("password", "s3cret-value"));
    server = Listeners.plain(vault);
    credentials("default", ID);
  }

  @AfterEach
  void close() {
    it.close();
    server.close();
  }

  private void credentials(String namespace, String id) {
    Struct secret =
        Yaml.struct(
            "{apiVersion: v1, kind: Secret, metadata: {name: vault, namespace: %s}, stringData: {id: %s}}"
                .formatted(namespace, id));
    Struct _ = it.cluster.api.create(SECRETS, secret);
  }

  private static String vault(String server) {
    return
"""
provider:
  vault:
    server: %s
    path: secret
    version: v2
    headers: {X-Own: header-value-0123456789}
    auth: {appRole: {path: approle, roleId: %s, secretRef: {name: vault, key: id}}}
"""
        .formatted(server, ROLE);
  }

  private void store(String name, String server) {
    it.cluster.create(
        SECRET_STORES,
        "{apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: %s, namespace: default}, spec: {%s}}"
            .formatted(name, flow(vault(server))));
    it.advance(5);
  }

  /// The same in one line, without the outermost braces.
  private static String flow(String yaml) {
    String json = Json.text(Yaml.struct(yaml));
    return json.substring(1, json.length() - 1);
  }

  @Test
  void aSecretFollowsWhatVaultHas() {
    store("main", server.uri().toString());
    it.external("refreshInterval: 1m\n" + PASSWORD);
    assertThat(it.values("app")).isEqualTo(Map.of("password", "s3cret-value"));

    engine.put("db", Struct.of("password", "newer"));
    it.advance(65);
    assertThat(it.values("app")).isEqualTo(Map.of("password", "newer"));
    assertThat(SecretsCluster.ready(it.cluster.get(SECRET_STORES, "main")))
        .isEqualTo("True Valid: store validated");
    assertThat(it.cluster.get(SECRET_STORES, "main").string("status", "capabilities"))
        .isEqualTo("ReadWrite");
    assertThat(server.count("PUT auth/approle/login")).isEqualTo(1);
    assertThat(it.metrics())
        .contains(
            "externalsecret_provider_api_calls_count{provider=\"HashiCorp/Vault\",call=\"Login\",status=\"success\"} 1",
            "externalsecret_provider_api_calls_count{provider=\"HashiCorp/Vault\",call=\"ReadSecretData\",status=\"success\"} 2");
  }

  @Test
  void aThousandSecretsOfOneStoreStartWithOneLogin() {
    store("main", server.uri().toString());
    for (int i = 0; i < 1000; i++) {
      engine.put("app/" + i, Struct.of("v", "value-" + i));
      it.cluster.create(
          EXTERNAL_SECRETS,
          """
          apiVersion: external-secrets.io/v1
          kind: ExternalSecret
          metadata: {name: app-%d, namespace: default}
          spec:
            secretStoreRef: {name: main}
            data: [{secretKey: v, remoteRef: {key: app/%d, property: v}}]
          """
              .formatted(i, i));
    }
    it.advance(30);
    assertThat(it.values("app-999")).isEqualTo(Map.of("v", "value-999"));
    assertThat(server.count("PUT auth/approle/login")).isEqualTo(1);
    // twice where one is looked at again before its own status has come back
    assertThat(server.count("GET secret/data/app/")).isBetween(1000L, 2000L);
  }

  @Test
  void anOutageIsNoDeletionAndADeletionIs() {
    store("main", server.uri().toString());
    it.external("refreshInterval: 1m\ntarget: {deletionPolicy: Delete}\n" + PASSWORD);
    server.sealed = true;
    it.advance(200);
    assertThat(it.values("app")).containsEntry("password", "s3cret-value");
    assertThat(it.ready()).startsWith("False SecretSyncedError");
    server.sealed = false;
    server.throttled.set(50);
    it.advance(100);
    assertThat(it.values("app")).containsEntry("password", "s3cret-value");

    server.throttled.set(0);
    engine.delete("db");
    it.advance(600);
    assertThat(it.hasSecret("app")).isFalse();
    assertThat(it.ready()).startsWith("True SecretDeleted");
  }

  @Test
  void aStoreOfAllNamespacesHasTheCredentialsOfEach() {
    it.cluster.create(NAMESPACES, "{apiVersion: v1, kind: Namespace, metadata: {name: other}}");
    it.cluster.create(
        CLUSTER_SECRET_STORES,
        "{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: all}, spec: {"
            + flow(vault(server.uri().toString()))
            + "}}");
    credentials("other", "wrong-secret-id");
    it.advance(5);
    assertThat(SecretsCluster.ready(it.cluster.get(CLUSTER_SECRET_STORES, "all")))
        .startsWith("True ValidationUnknown");
    it.external("secretStoreRef: {kind: ClusterSecretStore, name: all}\n" + PASSWORD);
    assertThat(it.values("app")).containsEntry("password", "s3cret-value");
    Struct others =
        Yaml.struct(
            "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: app, namespace: other}, spec: {secretStoreRef: {kind: ClusterSecretStore, name: all}, "
                + flow(PASSWORD)
                + "}}");
    Struct _ = it.cluster.api.create(EXTERNAL_SECRETS, others);
    it.advance(5);
    assertThat(SecretsCluster.ready(it.cluster.api.get(EXTERNAL_SECRETS, "other", "app")))
        .startsWith("False SecretSyncedError");
  }

  @Test
  void noCredentialAndNoValueIsEverTold() throws IOException {
    List<String> told = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            told.add(record.getMessage() + " " + record.getThrown());
          }

          @Override
          public void flush() {
            // nothing is held back
          }

          @Override
          public void close() {
            // nothing to close
          }
        };
    Logger log = Logger.getLogger("");
    Level before = log.getLevel();
    log.addHandler(handler);
    log.setLevel(Level.ALL);
    try (HostileServer echoing = new HostileServer(HostileServer.Manner.ECHOING)) {
      store("main", server.uri().toString());
      store("echo", echoing.uri().toString());
      it.external("refreshInterval: 1m\n" + PASSWORD);
      it.external("echoed", "secretStoreRef: {name: echo}\n" + PASSWORD);
      it.external("no-key", "data: [{secretKey: a, remoteRef: {key: db, property: none}}]");
      it.external("no-json", "dataFrom: [{extract: {key: db, property: password}}]");
      it.external("forbidden", "data: [{secretKey: a, remoteRef: {key: ../../other/db}}]");
      server.sealed = true;
      it.advance(200);
      server.sealed = false;
      it.advance(600);
    } finally {
      log.removeHandler(handler);
      log.setLevel(before);
    }
    it.cluster.api.list(EVENTS, "", ListOptions.ALL).items().forEach(e -> told.add(Json.text(e)));
    for (var kind : List.of(SECRET_STORES, EXTERNAL_SECRETS)) {
      it.cluster.list(kind).forEach(each -> told.add(Json.text(each.struct("status"))));
    }
    told.add(it.metrics());
    String all = String.join("\n", told);
    assertThat(all).contains("Code: 400", "cannot find secret data for key", "Vault is sealed");
    for (String secret : List.of(ID, "s3cret-value", "made-token", "header-value-0123456789")) {
      assertThat(all).doesNotContain(secret);
      assertThat(all)
          .doesNotContain(
              Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
