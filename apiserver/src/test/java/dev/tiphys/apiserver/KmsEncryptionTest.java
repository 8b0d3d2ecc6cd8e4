package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.encryption.ConfiguredEncryption;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedDekSourceType;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedObject;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects encrypted with keys that a plugin keeps.
class KmsEncryptionTest {

  private static final String SECRETS = "/api/v1/namespaces/default/secrets";
  private static final String PREFIX = "k8s:enc:kms:v2:vault:";

  @TempDir Path directory;

  private Path socket() {
    return directory.resolve("kms.sock");
  }

  private RunningServer server() throws IOException {
    return server(RunningServer.WORLD);
  }

  /// @param world of what talks to the plugin
  private RunningServer server(World world) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("encryption.yaml"),
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - kms: {apiVersion: v2, name: vault, endpoint: 'unix://%s', timeout: 60s}
            """
                .formatted(socket()));
    ConfiguredEncryption encryption = new ConfiguredEncryption(world, "it", file, false);
    return new RunningServer(
        EmbeddedStore.open(directory.resolve("store"), RunningServer.WORLD),
        RunningServer.SETTINGS.encryptedBy(encryption));
  }

  private static String secret(String name) {
    return "{'metadata':{'name':'%s'},'stringData':{'a':'not to be read'}}".formatted(name);
  }

  private static EncryptedObject object(RunningServer server, String name) throws Exception {
    byte[] stored = server.stored("/registry/secrets/default/" + name);
    assertThat(new String(stored, StandardCharsets.ISO_8859_1))
        .startsWith(PREFIX)
        .doesNotContain("not to be read");
    return EncryptedObject.parseFrom(Arrays.copyOfRange(stored, PREFIX.length(), stored.length));
  }

  @Test
  void thePluginIsOnlyAskedForSeeds() throws Exception {
    try (KmsServer plugin = new KmsServer(socket(), 1);
        RunningServer server = server()) {
      Wire wire = new Wire(server);
      for (int i = 0; i < 5; i++) {
        assertThat(wire.post(SECRETS, secret("s" + i)).code()).isEqualTo(201);
      }
      EncryptedObject object = object(server, "s3");
      assertThat(object.getKeyId()).isEqualTo("key-1");
      assertThat(object.getAnnotationsMap()).containsOnlyKeys("shift.example.com");
      assertThat(object.getEncryptedDekSourceType())
          .isEqualTo(EncryptedDekSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED);
      assertThat(plugin.encryptions).hasValue(1);
      assertThat(plugin.decryptions).hasValue(0);
      assertThat(wire.get("/healthz/kms-providers").code()).isEqualTo(200);
    }
    try (KmsServer plugin = new KmsServer(socket(), 1);
        RunningServer server = server()) {
      assertThat(new Wire(server).get(SECRETS).json().structs("items")).hasSize(5);
      assertThat(plugin.decryptions).as("one seed for all").hasValue(1);
      assertThat(new Wire(server).get("/metrics").text())
          .contains("apiserver_envelope_encryption_key_id_hash_total{")
          .contains(
              "apiserver_envelope_encryption_kms_operations_latency_seconds_count{grpc_status_code=\"OK\","
                  + "method_name=\"/v2.KeyManagementService/Decrypt\",provider_name=\"vault\"} 1")
          .contains(
              "apiserver_storage_transformation_operations_total{resource=\"secrets\",status=\"OK\","
                  + "transformation_type=\"from_storage\",transformer_prefix=\""
                  + PREFIX
                  + "\"} 5");
    }
  }

  @Test
  void whatAnotherKeyEncryptedIsWrittenAnew() throws Exception {
    try (KmsServer _ = new KmsServer(socket(), 1);
        RunningServer server = server()) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    try (KmsServer _ = new KmsServer(socket(), 2);
        RunningServer server = server()) {
      Wire wire = new Wire(server);
      String before = wire.get(SECRETS + "/s1").text();
      String version = Json.struct(before).string("metadata", "resourceVersion");
      Wire.Answer written = wire.send("PUT", SECRETS + "/s1", before);
      assertThat(written.json().string("metadata", "resourceVersion")).isNotEqualTo(version);
      assertThat(object(server, "s1").getKeyId()).isEqualTo("key-2");
    }
  }

  /// The plugin goes over to another key on its own account.
  @Test
  void anotherKeyIsUsedWithoutARestart() throws Exception {
    ShiftedWorld world = new ShiftedWorld();
    try (KmsServer plugin = new KmsServer(socket(), 1);
        RunningServer server = server(world)) {
      Wire wire = new Wire(server);
      wire.post(SECRETS, secret("s1"));
      plugin.key = 2;
      wire.post(SECRETS, secret("s2"));
      assertThat(object(server, "s2").getKeyId()).as("not known yet").isEqualTo("key-1");

      world.advance(Duration.ofSeconds(30));
      assertThat(wire.get("/healthz/kms-providers").code()).isEqualTo(200);

      assertThat(wire.post(SECRETS, secret("s3")).code()).isEqualTo(201);
      assertThat(object(server, "s3").getKeyId()).isEqualTo("key-2");
      assertThat(wire.get(SECRETS).json().structs("items")).hasSize(3);
      wire.send("PUT", SECRETS + "/s1", wire.get(SECRETS + "/s1").text());
      assertThat(object(server, "s1").getKeyId()).isEqualTo("key-2");
    }
  }

  @Test
  void withoutItsPluginAServerServesWhatIsNotEncrypted() throws Exception {
    try (KmsServer _ = new KmsServer(socket(), 1);
        RunningServer server = server()) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    try (RunningServer server = server()) {
      Wire wire = new Wire(server);
      Wire.Answer answer = wire.get(SECRETS + "/s1");
      assertThat(answer.code()).isEqualTo(500);
      assertThat(answer.message()).contains("/registry/secrets/default/s1");
      assertThat(wire.get(SECRETS).code()).isEqualTo(500);
      assertThat(wire.post(SECRETS, secret("s2")).code()).isEqualTo(500);
      assertThat(wire.get("/api/v1/namespaces").code()).isEqualTo(200);
      assertThat(wire.get("/readyz/kms-providers").code()).isEqualTo(500);
      assertThat(wire.get("/healthz").code()).isEqualTo(500);
      assertThat(wire.get("/livez").code()).as("a restart would not help").isEqualTo(200);
    }
  }

  @Test
  void aPluginThatIsNotWellIsToldOf() throws Exception {
    try (KmsServer plugin = new KmsServer(socket(), 1)) {
      plugin.health = "sealed";
      try (RunningServer server = server()) {
        assertThat(new Wire(server).get("/healthz?verbose").text())
            .contains("[-]kms-providers failed");
      }
    }
  }
}
