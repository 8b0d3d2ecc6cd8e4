package dev.tiphys.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the files of a cluster tell of its Secrets, and what happens without their key.
@Tag("e2e")
class SecretsAtRestTest {

  private static final String PLAIN = "not-to-be-read-by-anyone";

  @TempDir Path directory;

  @Test
  void secretsArePlainInNoFileAndLostWithTheirKey() throws Exception {
    try (TestCluster cluster = new TestCluster(directory)) {
      cluster.up("--node", "none");
      cluster.k("create", "secret", "generic", "s", "--from-literal=password=" + PLAIN);
      Path fork = directory.resolve("fork");
      TestCluster.tiphys(
              "fork", "--data-dir", cluster.data().toString(), "--to", fork.toString(), "--detach")
          .run()
          .ok();
      assertThat(
              cluster
                  .kubectl("get", "secret", "s", "-o", "jsonpath={.data.password}")
                  .with("KUBECONFIG", fork.resolve("admin.kubeconfig").toString())
                  .run()
                  .ok())
          .as("the fork has the keys")
          .isEqualTo(encoded());
      TestCluster.tiphys("down", "--data-dir", fork.toString()).run().ok();
      TestCluster.tiphys("down", "--data-dir", cluster.data().toString()).run().ok();
      assertNothingIsPlain(cluster.data());
      assertNothingIsPlain(fork);

      Path keys = cluster.data().resolve("encryption.yaml");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
          .isEqualTo("rw-------");
      Files.move(keys, directory.resolve("kept"));
      cluster.up("--node", "none");
      assertThat(cluster.kubectl("get", "secrets").run().toString())
          .contains("unable to transform key \"/registry/secrets/default/s\"")
          .contains("no matching key was found for the provided Secretbox transformer");
      cluster.k("get", "configmaps");
      cluster.k("create", "secret", "generic", "t", "--from-literal=a=b");
      cluster.k("get", "secret", "t");
    }
  }

  private static String encoded() {
    return Base64.getEncoder().encodeToString(PLAIN.getBytes(UTF_8));
  }

  private static void assertNothingIsPlain(Path files) throws IOException {
    try (Stream<Path> all = Files.walk(files)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(each), ISO_8859_1))
            .as(each.toString())
            .doesNotContain(PLAIN)
            .doesNotContain(encoded());
      }
    }
  }
}
