package dev.tiphys.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.secrets.vault.Vault;
import dev.tiphys.secrets.vault.VaultServer;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords of a Vault reach Pods, and those that change as well; the files of the cluster do not
/// have them.
@Tag("e2e")
class VaultTest {

  private static final Path MANIFESTS = TestCluster.HOME.resolve("docs/manifests");
  private static final String[] PASSWORDS = {
    "first-password-0123", "second-password-0123", "third-password-0123"
  };

  @TempDir Path directory;
  private TestCluster cluster;

  @Test
  void theDocumentsSecretsReachPodsAndFollowVault() throws IOException {
    Vault vault = new Vault(InstantSource.system());
    Setup setup = Setup.of(vault);
    Setup.Puts engine = setup.kvTwo("secret");
    engine.put("database/password", Struct.of("password", PASSWORDS[0]));
    try (TestCluster started = new TestCluster(directory);
        VaultServer server = Listeners.plain(vault)) {
      cluster = started.up();
      cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
      setup.kubernetes(
          "kubernetes", "demo", "system:serviceaccount:default:vault-reader", this::reviewed);

      cluster.apply(Files.readString(MANIFESTS.resolve("as-written/1-secret.yaml")));
      assertThat(secret()).isEqualTo("password123");
      cluster.k("delete", "secret", "db-secret");

      cluster.apply(
          Files.readString(MANIFESTS.resolve("secrets/vault-backend.yaml"))
              .replace("http://127.0.0.1:8200", server.uri().toString()));
      cluster.k("wait", "--for=condition=Ready", "secretstore/vault-backend", "--timeout=60s");
      cluster.apply(Files.readString(MANIFESTS.resolve("secrets/external-secret.yaml")));
      cluster.k("wait", "--for=condition=Ready", "externalsecret/db-secret", "--timeout=60s");
      assertThat(secret()).isEqualTo(json(PASSWORDS[0]));

      cluster.apply(Files.readString(MANIFESTS.resolve("secrets/app.yaml")));
      cluster.k("rollout", "status", "deployment/app", "--timeout=90s");
      assertThat(seen()).isEqualTo(json(PASSWORDS[0]));
      String before = pods();

      engine.put("database/password", Struct.of("password", PASSWORDS[1]));
      cluster.k("annotate", "externalsecret/db-secret", "external-secrets.io/force-sync=1");
      awaitSecret(PASSWORDS[1]);
      cluster.await(
          "the workload starts again",
          out -> !out.equals(before) && !out.contains(" "),
          "get",
          "pods",
          "-l",
          "app=app",
          "-o",
          "jsonpath={.items[*].metadata.name}");
      cluster.k("rollout", "status", "deployment/app", "--timeout=90s");
      assertThat(seen()).isEqualTo(json(PASSWORDS[1]));

      cluster.k(
          "patch",
          "externalsecret/db-secret",
          "--type=merge",
          "-p",
          "{\"spec\":{\"refreshInterval\":\"2s\"}}");
      engine.put("database/password", Struct.of("password", PASSWORDS[2]));
      awaitSecret(PASSWORDS[2]);
      assertThat(server.count("PUT auth/kubernetes/login")).isEqualTo(1);

      TestCluster.tiphys("down", "--data-dir", cluster.data().toString()).run().ok();
      assertNothingIsPlain(cluster.data());
    }
  }

  /// Asks the cluster whose token it is, as a Vault does.
  private Optional<String> reviewed(String token) {
    Struct review =
        Struct.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenReview")
            .with("spec", Struct.of("token", token));
    String answer =
        cluster.kubectl("create", "-f", "-", "-o", "json").reading(Json.text(review)).run().ok();
    Struct status = Json.struct(answer).struct("status");
    return status.bool("authenticated")
        ? Optional.of(status.string("user", "username"))
        : Optional.empty();
  }

  private static String json(String password) {
    return "{\"password\":\"" + password + "\"}";
  }

  private String secret() {
    String encoded = cluster.k("get", "secret", "db-secret", "-o", "jsonpath={.data.password}");
    return new String(Base64.getDecoder().decode(encoded), UTF_8);
  }

  private void awaitSecret(String password) {
    String encoded = Base64.getEncoder().encodeToString(json(password).getBytes(UTF_8));
    cluster.await(
        "the Secret follows",
        encoded::equals,
        "get",
        "secret",
        "db-secret",
        "-o",
        "jsonpath={.data.password}");
  }

  private String pods() {
    return cluster.k("get", "pods", "-l", "app=app", "-o", "jsonpath={.items[*].metadata.name}");
  }

  private String seen() {
    return cluster.k("exec", "deployment/app", "--", "cat", "/etc/db/password");
  }

  /// Looks at the disk alone: what is mounted into a running Pod, its Secrets too, is memory.
  private static void assertNothingIsPlain(Path files) throws IOException {
    FileStore disk = Files.getFileStore(files);
    Files.walkFileTree(
        files,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes is)
              throws IOException {
            return Files.getFileStore(directory).equals(disk)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            // the network of a Pod is a file that cannot be read, and a mount of its own
            if (is.isRegularFile() && Files.getFileStore(file).equals(disk)) {
              assertIsNotIn(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void assertIsNotIn(Path file) throws IOException {
    String content = new String(Files.readAllBytes(file), ISO_8859_1);
    for (String password : PASSWORDS) {
      String encoded = Base64.getEncoder().encodeToString(json(password).getBytes(UTF_8));
      assertThat(content.contains(password) || content.contains(encoded))
          .as(password + " in " + file)
          .isFalse();
    }
  }
}
