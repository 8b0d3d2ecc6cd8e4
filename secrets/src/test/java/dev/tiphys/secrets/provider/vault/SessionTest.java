package dev.tiphys.secrets.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.VaultServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A store has one token, which is renewed, replaced and ended in time; and a server that has
/// trouble is treated with patience.
class SessionTest extends VaultTest {

  private static final Call READ = Call.get("secret/data/db");

  @BeforeEach
  void putSecret() {
    scene.setup.kvTwo("secret").put("db", Struct.of("password", "s3cret"));
  }

  private Session opened(Struct vault) throws InterruptedException {
    return session(vault, Struct.EMPTY);
  }

  private Session opened() throws InterruptedException {
    return opened(scene.settings("v2", VaultScene.BY_ROLE));
  }

  private static String password(Session session) throws InterruptedException {
    Struct answer = session.ask(READ);
    return answer == null ? "" : answer.string("data", "data", "password");
  }

  @Test
  void oneLoginServesAllRequestsAndItsTokenEndsWithTheStore() throws InterruptedException {
    try (Session session = opened()) {
      for (int i = 0; i < 10; i++) {
        assertThat(password(session)).isEqualTo("s3cret");
      }
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(1);
    }
    assertThat(scene.server.count("PUT auth/token/revoke-self")).isEqualTo(1);
    assertThat(scene.server.headers).containsEntry("X-Vault-Request", "true");
  }

  @Test
  void aTokenThatWasGivenIsNeitherRenewedNorEnded() throws InterruptedException {
    try (Session session = opened(scene.settings("v2", VaultScene.BY_TOKEN))) {
      assertThat(password(session)).isEqualTo("s3cret");
      cluster.advance(Duration.ofHours(2));
    }
    assertThat(scene.server.asked).containsExactly("GET secret/data/db");
  }

  @Test
  void aTokenIsRenewedAtTwoThirdsOfItsLife() throws InterruptedException {
    try (Session session = opened()) {
      cluster.advance(Duration.ofMinutes(39));
      assertThat(scene.server.count("PUT auth/token/renew-self")).isZero();
      cluster.advance(Duration.ofMinutes(2));
      assertThat(scene.server.count("PUT auth/token/renew-self")).isEqualTo(1);
      cluster.advance(Duration.ofHours(10));
      assertThat(password(session)).isEqualTo("s3cret");
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(1);
    }
  }

  @Test
  void aTokenThatCannotLiveLongerIsReplacedBeforeItEnds() throws InterruptedException {
    scene.setup.appRole(
        "approle", VaultScene.ROLE, VaultScene.SECRET, VaultScene.TTL, Duration.ofMinutes(90));
    try (Session session = opened()) {
      for (int i = 0; i < 30; i++) {
        cluster.advance(Duration.ofMinutes(20));
        assertThat(password(session)).isEqualTo("s3cret");
      }
      assertThat(scene.server.count("PUT auth/approle/login")).isBetween(7L, 12L);
    }
  }

  @Test
  void aTokenThatCannotBeRenewedIsReplaced() throws InterruptedException {
    scene.setup.batchAppRole("approle", VaultScene.ROLE, VaultScene.SECRET, VaultScene.TTL);
    try (Session session = opened()) {
      cluster.advance(Duration.ofHours(3));
      assertThat(password(session)).isEqualTo("s3cret");
    }
    assertThat(scene.server.count("PUT auth/token/")).isZero();
    assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(5);
  }

  @Test
  void aTokenThatIsRefusedIsReplacedAtOnce() throws InterruptedException {
    try (Session session = opened()) {
      scene.setup.revokeAll();
      assertThat(password(session)).isEqualTo("s3cret");
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(2);
    }
  }

  @Test
  void whatIsForbiddenIsAnErrorAndNoReasonToLogInAgain() throws InterruptedException {
    try (Session session = opened()) {
      assertThatThrownBy(() -> session.ask(Call.get("other/data/db")))
          .hasMessage(
              "Error making API request.\n\nURL: GET %s/v1/other/data/db\nCode: 403. Errors:\n\n* permission denied"
                  .formatted(scene.server.uri()));
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(1);
    }
  }

  @Test
  void wrongCredentialsAreToldInTheOriginalsWords() {
    scene.setup.appRole("approle", VaultScene.ROLE, "another", VaultScene.TTL);
    assertThatThrownBy(this::opened)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "unable to log in to auth method: unable to log in with app role auth: Error making API"
                + " request.\n\nURL: PUT "
                + scene.server.uri()
                + "/v1/auth/approle/login\nCode: 400. Errors:\n\n* invalid role or secret ID");
  }

  @Test
  void aServerThatHasTooMuchToDoIsAskedAgainWhenItWants() throws InterruptedException {
    try (Session session = opened()) {
      scene.server.throttled.set(2);
      assertThat(password(session)).isEqualTo("s3cret");
      scene.server.throttled.set(3);
      assertThatThrownBy(() -> session.ask(READ)).hasMessageContaining("Code: 429. Errors:");
    }
  }

  @Test
  void retriesAreAsTheSettingsSay() throws InterruptedException {
    Struct spec = Struct.of("retrySettings", Struct.of("maxRetries", 4L, "retryInterval", "10ms"));
    try (Session session = session(scene.settings("v2", VaultScene.BY_ROLE), spec)) {
      scene.server.throttled.set(4);
      assertThat(password(session)).isEqualTo("s3cret");
    }
    Struct none = Struct.of("retrySettings", Struct.of("maxRetries", 0L));
    try (Session session = session(scene.settings("v2", VaultScene.BY_ROLE), none)) {
      scene.server.throttled.set(1);
      assertThatThrownBy(() -> session.ask(READ)).hasMessageContaining("Code: 429. Errors:");
    }
  }

  @Test
  void aSealedServerIsNoReasonToForget() throws InterruptedException {
    try (Session session = opened()) {
      scene.server.sealed = true;
      assertThatThrownBy(() -> session.ask(READ))
          .hasMessageEndingWith("Code: 503. Errors:\n\n* Vault is sealed");
      scene.server.sealed = false;
      assertThat(password(session)).isEqualTo("s3cret");
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 472, 473})
  void aStandbyThatDoesNotAnswerIsAnError(int status) throws InterruptedException {
    try (Session session = opened()) {
      scene.server.standby = status;
      assertThatThrownBy(() -> session.ask(READ))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Code: " + status);
    }
  }

  @Test
  void aStandbyLeadsToTheActiveServerOnce() throws IOException, InterruptedException {
    try (VaultServer standby = Listeners.plain(scene.vault)) {
      standby.active = scene.server.uri().toString();
      try (Session session = opened(VaultScene.settings(standby.uri(), "v2", VaultScene.BY_ROLE))) {
        assertThat(password(session)).isEqualTo("s3cret");
        scene.server.active = standby.uri().toString();
        assertThatThrownBy(() -> session.ask(READ)).hasMessage("redirected more than once");
      }
    }
  }

  @Test
  void headersAndNamespacesAreSent() throws InterruptedException {
    scene.setup.in("team").kvTwo("secret").put("db", Struct.of("password", "teams"));
    scene.setup.in("login").appRole("approle", VaultScene.ROLE, VaultScene.SECRET, VaultScene.TTL);
    Struct vault =
        scene
            .settings("v2", VaultScene.BY_ROLE)
            .with("namespace", "team")
            .with("headers", Struct.of("X-Own", "mine"))
            .with("readYourWrites", true)
            .with("forwardInconsistent", true)
            .withAt("login", "auth", "namespace");
    try (Session _ = opened(vault)) {
      assertThat(scene.server.headers)
          .containsEntry("X-Vault-Namespace", "login")
          .containsEntry("X-Own", "mine")
          .containsEntry("X-Vault-Inconsistent", "forward-active-node")
          .doesNotContainKey("X-Vault-Token");
    }
    try (Session session = opened(vault.with("auth", Struct.EMPTY))) {
      assertThatThrownBy(() -> session.ask(READ)).hasMessageContaining("Namespace: team\n");
      assertThatThrownBy(() -> session.ask(READ)).isInstanceOf(StoreException.class);
    }
    try (Session session =
        opened(
            scene
                .settings("v2", VaultScene.BY_TOKEN)
                .with("readYourWrites", true)
                .with("namespace", "team"))) {
      assertThat(password(session)).isEqualTo("teams");
      assertThat(password(session)).isEqualTo("teams");
      assertThat(scene.server.headers).containsKey("X-Vault-Index");
    }
  }
}
