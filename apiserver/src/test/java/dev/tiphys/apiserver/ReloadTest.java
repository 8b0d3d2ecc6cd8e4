package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authentication.jwt.AuthenticationConfiguration;
import dev.tiphys.apiserver.authentication.jwt.ConfiguredIssuers;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.encryption.ConfiguredEncryption;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of configuration that change while the server runs. Those of audit and admission are read
/// once, as upstream does.
class ReloadTest {

  private static final String AUTHORITIES = "apiVersion: apiserver.config.k8s.io/v1\nkind: ";

  private final VirtualWorld world = new VirtualWorld(1);
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("configuration.yaml");
  }

  private void write(String kind, String rest) throws IOException {
    Files.writeString(file, AUTHORITIES + kind + "\n" + rest);
  }

  /// Lets the file be looked at.
  private void wait(Duration span) {
    world.advance(span);
  }

  @Test
  void whoMayBeAnonymous() throws Exception {
    write("AuthenticationConfiguration", "anonymous: {enabled: false}\n");
    ConfiguredIssuers issuers =
        new ConfiguredIssuers(world, AuthenticationConfiguration.read(file, List.of()));
    try (SupervisedTask _ =
        world.supervisor().start("follow", () -> issuers.follow(file, List.of()))) {
      assertThat(issuers.anonymous().mayAsk("/livez")).isFalse();

      write(
          "AuthenticationConfiguration",
          "anonymous: {enabled: true, conditions: [{path: /livez}]}\n");
      wait(Duration.ofSeconds(30));

      assertThat(issuers.anonymous().mayAsk("/livez")).isTrue();
      assertThat(issuers.anonymous().mayAsk("/version")).isFalse();
      write("AuthenticationConfiguration", "anonymous: [\n");
      wait(Duration.ofSeconds(30));
      assertThat(issuers.anonymous().mayAsk("/livez")).as("a broken file is not used").isTrue();
    }
  }

  @Test
  void whichAuthorizersThereAre() throws Exception {
    String usual = "authorizers:\n- {type: Node, name: node}\n- {type: RBAC, name: rbac}\n";
    write("AuthorizationConfiguration", usual);
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      server.authorizeBy(AuthorizationConfiguration.read(file));
      server.followAuthorization(file);
      Api bob = server.api(UserInfo.of("bob", UserInfo.AUTHENTICATED), "it", "it");
      assertThatThrownBy(() -> list(bob)).isInstanceOf(ApiException.class);

      write("AuthorizationConfiguration", usual + "- {type: AlwaysAllow, name: alwaysallow}\n");
      wait(Duration.ofSeconds(30));

      list(bob);
      write("AuthorizationConfiguration", "authorizers: []\n");
      wait(Duration.ofSeconds(30));
      list(bob);
      write("AuthorizationConfiguration", usual);
      wait(Duration.ofSeconds(30));
      list(bob); // only webhooks may be taken away
    }
  }

  private static void list(Api api) {
    api.list(ApiResource.CONFIG_MAPS, "default", ListOptions.ALL);
  }

  private void encryptWith(String provider) throws IOException {
    write(
        "EncryptionConfiguration",
        "resources: [{resources: [secrets], providers: [{%s: {keys: [{name: k, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}}, {identity: {}}]}]\n"
            .formatted(provider));
  }

  @Test
  void howSecretsAreEncrypted() throws Exception {
    encryptWith("aescbc");
    try (ConfiguredEncryption encryption = new ConfiguredEncryption(world, "it", file, true)) {
      encryptWith("secretbox");
      assertThat(encrypted(encryption)).startsWith("k8s:enc:aescbc:");

      wait(Duration.ofMinutes(2));

      assertThat(encrypted(encryption)).startsWith("k8s:enc:secretbox:");
    }
  }

  private static String encrypted(ConfiguredEncryption encryption) {
    byte[] stored =
        encryption.transformer("", "secrets").toStorage("plain".getBytes(UTF_8), "/registry/a");
    return new String(stored, ISO_8859_1);
  }
}
