package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who a client is found to be, over HTTPS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginsTest {

  private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";

  private RunningServer server;
  private Wire wire;

  @BeforeAll
  void start() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Struct user(Wire client, String... headers) throws Exception {
    Wire.Answer answer =
        client.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", headers);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    return answer.json().struct("status").struct("userInfo");
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void aCertificateNamesAUserItsGroupsAndItself() throws Exception {
    Struct user = user(new Wire(server.withCertificate("ann", "team")));

    assertThat(user.string("username")).isEqualTo("ann");
    assertThat(user.strings("groups")).containsExactly("team", "system:authenticated");
    assertThat(
            user.struct("extra").strings("authentication.kubernetes.io/credential-id").getFirst())
        .startsWith("X509SHA256=");
  }

  private void joinToken(String id, String secret, String expiration, String usage, String groups)
      throws Exception {
    Wire.Answer made =
        wire.post(
            SECRETS,
            """
            {'metadata':{'name':'bootstrap-token-%s'},'type':'bootstrap.kubernetes.io/token','data':
              {'token-id':'%s','token-secret':'%s','expiration':'%s',
               'usage-bootstrap-authentication':'%s','auth-extra-groups':'%s'}}"""
                .formatted(
                    id,
                    encoded(id),
                    encoded(secret),
                    encoded(expiration),
                    encoded(usage),
                    encoded(groups)));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  @Test
  void aTokenForNodesThatJoinIsASecret() throws Exception {
    joinToken(
        "abcdef", "0123456789abcdef", "2999-01-01T00:00:00Z", "true", "system:bootstrappers:x");

    Struct user = user(new Wire(server, "abcdef.0123456789abcdef"));

    assertThat(user.string("username")).isEqualTo("system:bootstrap:abcdef");
    assertThat(user.strings("groups"))
        .containsExactly("system:bootstrappers", "system:bootstrappers:x", "system:authenticated");
    wire.delete(SECRETS + "/bootstrap-token-abcdef", "{}");
  }

  @ParameterizedTest
  @CsvSource({
    "aaaaa1, 2999-01-01T00:00:00Z, true, '', 1123456789abcdef",
    "aaaaa2, 2000-01-01T00:00:00Z, true, '', 0123456789abcdef",
    "aaaaa3, 2999-01-01T00:00:00Z, false, '', 0123456789abcdef",
    "aaaaa4, 2999-01-01T00:00:00Z, true, system:masters, 0123456789abcdef",
    "aaaaa5, soon, true, '', 0123456789abcdef",
  })
  void oneThatIsNotInOrderIsRefused(
      String id, String expiration, String usage, String groups, String shown) throws Exception {
    joinToken(id, "0123456789abcdef", expiration, usage, groups);

    assertThat(new Wire(server, id + "." + shown).get("/version").code()).isEqualTo(401);
  }

  @Test
  void aProxyNamesUsersOnlyWithItsCertificate() throws Exception {
    String[] headers = {
      "X-Remote-User", "eve",
      "X-Remote-Group", "team",
      "X-Remote-Uid", "7",
      "X-Remote-Extra-Acme.com%2Fproject", "blue"
    };
    Struct user = user(new Wire(server.withFrontProxy()), headers);

    assertThat(user.string("username")).isEqualTo("eve");
    assertThat(user.string("uid")).isEqualTo("7");
    assertThat(user.strings("groups")).containsExactly("team", "system:authenticated");
    assertThat(user.struct("extra").strings("acme.com/project")).containsExactly("blue");
    assertThat(user(new Wire(server.withCertificate("ann")), headers).string("username"))
        .isEqualTo("ann");
    assertThat(new Wire(server, "").get("/version", headers).code()).isEqualTo(200);
  }

  @Test
  void aBrowserShowsItsTokenAmongTheProtocolsOfAWebSocket() throws Exception {
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString("master".getBytes(UTF_8));

    assertThat(
            new Wire(server, "")
                .get(
                    "/api/v1/namespaces",
                    "Sec-WebSocket-Protocol",
                    "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io." + token)
                .code())
        .isEqualTo(200);
  }

  /// Whatever is shown as a token, the answer is 401, and nothing breaks.
  @Test
  void nonsenseProvesNothing() throws Exception {
    Random random = new Random(7);
    String letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_=eyJ";
    for (int i = 0; i < 150; i++) {
      StringBuilder token = new StringBuilder();
      int length = 1 + random.nextInt(60);
      for (int j = 0; j < length; j++) {
        token.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(new Wire(server, "").get("/version", "Authorization", "Bearer " + token).code())
          .as(token.toString())
          .isEqualTo(401);
    }
  }

  /// Guessing is slowed down, and those whose tokens are known to be good do not notice.
  @Test
  void tooManyFailuresAreTurnedAway() throws Exception {
    try (RunningServer guessed = new RunningServer()) {
      Wire good = new Wire(guessed);
      assertThat(good.get("/version").code()).isEqualTo(200);
      Wire nobody = new Wire(guessed, "");
      int turnedAway = 0;
      for (int i = 0; i < 400 && turnedAway == 0; i++) {
        Wire.Answer answer = nobody.get("/version", "Authorization", "Bearer guess" + i);
        turnedAway += answer.code() == 429 ? 1 : 0;
      }
      assertThat(turnedAway).isPositive();
      assertThat(good.get("/version").code()).isEqualTo(200);
    }
  }
}
