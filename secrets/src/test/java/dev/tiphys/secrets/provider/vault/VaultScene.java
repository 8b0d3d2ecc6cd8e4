package dev.tiphys.secrets.provider.vault;

import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.secrets.vault.Vault;
import dev.tiphys.secrets.vault.VaultServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/// A cluster whose Secrets have credentials, and a Vault that takes them.
final class VaultScene implements AutoCloseable {

  static final String ROLE = "role-id-0123456789";
  static final String SECRET = "secret-id-0123456789";
  static final String TOKEN = "hvs.static-token-0123456789";
  static final Duration TTL = Duration.ofHours(1);

  final Vault vault;
  final Setup setup;
  final VaultServer server;
  private final TestCluster cluster;

  VaultScene(TestCluster cluster) throws IOException {
    this.cluster = cluster;
    vault = new Vault(cluster.world::now);
    setup = Setup.of(vault);
    setup.appRole("approle", ROLE, SECRET, TTL);
    String _ = vault.token(TOKEN, "", "apps", Duration.ZERO);
    server = Listeners.plain(vault);
    secret("vault", Map.of("role", ROLE, "secret", SECRET, "token", TOKEN));
  }

  /// A Secret of the cluster.
  void secret(String name, Map<String, String> values) {
    StructBuilder data = new StructBuilder();
    values.forEach(
        (key, value) ->
            data.put(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    Struct metadata = Struct.of("name", name, "namespace", "default");
    Struct secret =
        Struct.of("apiVersion", "v1", "kind", "Secret", "metadata", metadata)
            .with("data", data.build());
    Struct _ = cluster.api.create(ApiResource.SECRETS, secret);
  }

  /// The settings of a store.
  ///
  /// @param auth in YAML
  static Struct settings(URI server, String version, String auth) {
    String mount = version.equals("v1") ? "kv" : "secret";
    return Yaml.struct(
        "{server: '%s', path: %s, version: %s, auth: %s}".formatted(server, mount, version, auth));
  }

  Struct settings(String version, String auth) {
    return settings(server.uri(), version, auth);
  }

  static final String BY_TOKEN = "{tokenSecretRef: {name: vault, key: token}}";
  static final String BY_ROLE =
      "{appRole: {path: approle, roleRef: {name: vault, key: role}, secretRef: {name: vault, key: secret}}}";

  @Override
  public void close() {
    server.close();
  }
}
