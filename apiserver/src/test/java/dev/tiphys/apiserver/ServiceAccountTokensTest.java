package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The tokens of service accounts, over HTTP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceAccountTokensTest {

  private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  private RunningServer server;
  private Wire wire;
  private int count;
  private String namespace;

  @BeforeAll
  void start() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void makeAccount() throws Exception {
    namespace = "tokens-" + count++;
    create("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}");
    create(path("serviceaccounts"), "{'metadata':{'name':'app'}}");
  }

  private String path(String plural) {
    return "/api/v1/namespaces/" + namespace + "/" + plural;
  }

  private Struct create(String path, String quoted) throws Exception {
    Wire.Answer answer = post(path, quoted);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    return Json.struct(answer.text());
  }

  private Wire.Answer post(String path, String quoted) throws Exception {
    return wire.post(path, quoted);
  }

  private Struct request(String spec) throws Exception {
    return create(path("serviceaccounts/app/token"), "{'spec':{" + spec + "}}");
  }

  private String token(String spec) throws Exception {
    return request(spec).string("status", "token");
  }

  private static Struct claims(String token) {
    return Json.struct(
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.")[1]),
            java.nio.charset.StandardCharsets.UTF_8));
  }

  private Struct review(String token, String audiences) throws Exception {
    return create(REVIEWS, "{'spec':{'token':'" + token + "','audiences':[" + audiences + "]}}")
        .struct("status");
  }

  @Test
  void aTokenSaysWhoseItIsAndIsTheAccounts() throws Exception {
    String token = token("");

    Struct claims = claims(token);
    assertThat(claims.string("iss")).isEqualTo(ISSUER);
    assertThat(claims.strings("aud")).containsExactly(ISSUER);
    assertThat(claims.integer("exp") - claims.integer("iat")).isEqualTo(3600);
    assertThat(claims.string("sub")).isEqualTo("system:serviceaccount:" + namespace + ":app");
    Struct user = review(token, "").struct("user");
    assertThat(user.string("username")).isEqualTo("system:serviceaccount:" + namespace + ":app");
    assertThat(user.strings("groups"))
        .containsExactly(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated");
    assertThat(user.struct("extra").strings("authentication.kubernetes.io/credential-id"))
        .containsExactly("JTI=" + claims.string("jti"));
    assertThat(new Wire(server, token).get("/api/v1/namespaces").code()).isEqualTo(403);
  }

  /// Each review names the audiences that it asks for; without, that is the API server.
  @Test
  void aTokenForOthersProvesNothingHere() throws Exception {
    String token = token("'audiences':['vault']");

    assertThat(review(token, "").string("error"))
        .isEqualTo(
            "[invalid bearer token, token audiences [\"vault\"] is invalid for the target"
                + " audiences [\""
                + ISSUER
                + "\"]]");
    assertThat(review(token, "'vault'").strings("audiences")).containsExactly("vault");
    assertThat(review(token, "'other','vault'").strings("audiences")).containsExactly("vault");
    assertThat(review(token, "'other'").bool("authenticated")).isFalse();
    assertThat(new Wire(server, token).get("/version").code()).isEqualTo(401);
  }

  @Test
  void aTokenEndsWithItsAccountEvenIfAnotherOfThatNameFollows() throws Exception {
    String token = token("'audiences':['a']");
    wire.delete(path("serviceaccounts/app"), "");
    assertThat(review(token, "'a'").string("error")).contains("serviceaccounts \"app\" not found");

    create(path("serviceaccounts"), "{'metadata':{'name':'app'}}");

    assertThat(review(token, "'a'").string("error")).contains("does not match claim");
  }

  @Test
  void aTokenBoundToAPodNamesItAndEndsWithIt() throws Exception {
    create(
        path("pods"),
        "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'app','containers':[{'name':'c',"
            + "'image':'i'}]}}");
    String token =
        token("'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p'},'audiences':['x']");
    assertThat(
            review(token, "'x'")
                .struct("user", "extra")
                .strings("authentication.kubernetes.io/pod-name"))
        .containsExactly("p");

    wire.delete(path("pods/p"), "{'gracePeriodSeconds':0}");

    assertThat(review(token, "'x','y'").string("error"))
        .contains("service account token has been invalidated");
  }

  @Test
  void aPodsTokenLivesLongerThanItSays() throws Exception {
    create(
        path("pods"),
        "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'app','containers':[{'name':'c',"
            + "'image':'i'}]}}");

    Struct claims =
        claims(
            token(
                "'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p'},"
                    + "'expirationSeconds':3607"));

    assertThat(claims.integer("exp") - claims.integer("iat")).isEqualTo(365 * 24 * 3600);
    assertThat(claims.integer("iat") + 3607)
        .isEqualTo(claims.struct("kubernetes.io").integer("warnafter"));
  }

  @Test
  void whatCannotBeIsRefused() throws Exception {
    String path = path("serviceaccounts/app/token");
    create(
        path("pods"),
        "{'metadata':{'name':'other'},'spec':{'serviceAccountName':'default','containers':["
            + "{'name':'c','image':'i'}]}}");
    assertThat(post(path, "{'spec':{'expirationSeconds':599}}").text())
        .contains("spec.expirationSeconds: Invalid value: 599: may not specify a duration less");
    assertThat(post(path("serviceaccounts/none/token"), "{}").code()).isEqualTo(404);
    assertThat(post(path, "{'metadata':{'name':'b'}}").text())
        .contains("metadata.name: Invalid value: \\\"b\\\": must match the service account name");
    assertThat(bound(path, "'kind':'Pod','name':'none'").code()).isEqualTo(404);
    assertThat(bound(path, "'kind':'Pod','name':'other'").text())
        .contains(
            "cannot bind token for serviceaccount \\\"app\\\" to pod running with different"
                + " serviceaccount name.");
    assertThat(bound(path, "'kind':'ConfigMap','name':'x'").text())
        .contains("cannot bind token to object of type /v1, Kind=ConfigMap");
  }

  private Wire.Answer bound(String path, String reference) throws Exception {
    return post(path, "{'spec':{'boundObjectRef':{'apiVersion':'v1'," + reference + "}}}");
  }

  @Test
  void theIssuerPublishesWhatItsTokensAreVerifiedWith() throws Exception {
    Struct document = Json.struct(wire.get("/.well-known/openid-configuration").text());
    Struct keys = Json.struct(wire.get("/openid/v1/jwks").text());

    assertThat(document.string("issuer")).isEqualTo(ISSUER);
    assertThat(document.string("jwks_uri")).endsWith("/openid/v1/jwks");
    String header = new String(Base64.getUrlDecoder().decode(token("").split("\\.")[0]));
    assertThat(keys.structs("keys"))
        .extracting(key -> key.string("kid"))
        .containsExactly(Json.struct(header).string("kid"));
  }

  @Test
  void aChangedTokenIsRefused() throws Exception {
    String[] parts = token("").split("\\.");
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("{\"iss\":\"" + ISSUER + "\",\"sub\":\"system:admin\"}").getBytes());

    for (String token :
        List.of(
            parts[0] + "." + forged + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1])) {
      assertThat(new Wire(server, token).get("/version").code()).isEqualTo(401);
    }
  }
}
