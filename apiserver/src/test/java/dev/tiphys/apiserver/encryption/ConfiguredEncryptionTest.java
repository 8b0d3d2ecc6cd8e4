package dev.tiphys.apiserver.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredEncryptionTest {

  private static final World WORLD = new RealWorld();
  private static final byte[] PLAIN = {1, 2, 3};
  private static final String KEY = "/registry/secrets/default/a";

  @TempDir Path directory;
  private Path file;
  private ConfiguredEncryption encryption;

  @BeforeEach
  void begin() throws IOException {
    file = directory.resolve("encryption.yaml");
    write("aescbc");
    encryption = new ConfiguredEncryption(WORLD, "server-1", file, true);
  }

  @AfterEach
  void end() {
    encryption.close();
  }

  private void write(String provider) throws IOException {
    Files.writeString(
        file,
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [secrets]
          providers:
          - %s: {keys: [{name: key1, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
          - identity: {}
        """
            .formatted(provider));
  }

  private String stored() {
    return new String(encryption.transformer("", "secrets").toStorage(PLAIN, KEY), ISO_8859_1);
  }

  private String metrics() {
    Exposition out = new Exposition();
    encryption.write(out);
    return out.toString();
  }

  @Test
  void aChangedFileCounts() throws Exception {
    assertThat(stored()).startsWith("k8s:enc:aescbc:v1:key1:");
    write("secretbox");
    encryption.reload();
    assertThat(stored()).startsWith("k8s:enc:secretbox:v1:key1:");
    String hash = Digests.of(Files.readAllBytes(file));
    assertThat(metrics())
        .contains(
            "apiserver_encryption_config_controller_automatic_reloads_total{apiserver_id_hash=\""
                + Digests.of("server-1")
                + "\",status=\"success\"} 1")
        .contains("last_config_info{")
        .contains("hash=\"" + hash + "\"} 1");
  }

  @Test
  void aFileThatIsTheSameChangesNothing() throws Exception {
    Transformer before = encryption.transformer("", "secrets");
    encryption.reload();
    assertThat(encryption.transformer("", "secrets")).isSameAs(before);
    assertThat(metrics()).doesNotContain("automatic_reloads_total");
  }

  @Test
  void aFileThatCannotBeUsedChangesNothing() throws Exception {
    write("unheardof");
    encryption.reload();
    assertThat(stored()).startsWith("k8s:enc:aescbc:v1:key1:");
    assertThat(metrics()).contains("status=\"failure\"} 1");
  }

  @Test
  void plainDataIsReadAndStale() {
    Transformer transformer = encryption.transformer("", "secrets");
    assertThat(transformer.fromStorage(PLAIN, KEY).bytes()).isEqualTo(PLAIN);
    assertThat(transformer.fromStorage(PLAIN, KEY).stale()).isTrue();
    assertThat(transformer.fromStorage(transformer.toStorage(PLAIN, KEY), KEY).stale()).isFalse();
  }
}
