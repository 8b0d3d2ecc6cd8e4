package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.authentication.jwt.AuthenticationConfiguration;
import dev.tiphys.apiserver.authentication.jwt.ConfiguredIssuers;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenKeys;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens of an OpenID Connect issuer, which runs in the test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherIssuersTest {

  @TempDir static Path directory;

  private volatile TokenSigner signer = new TokenSigner(KeyType.EC.generate());
  private volatile String name = "";
  private WebhookServer issuer;
  private RunningServer server;

  @BeforeAll
  void start() throws Exception {
    issuer =
        WebhookServer.answering(
            exchange -> {
              boolean keys = exchange.getRequestURI().getPath().endsWith("/keys");
              String document =
                  keys
                      ? named(new TokenKeys(List.of(signer.key())).document())
                      : "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}"
                          .formatted(issuer.url(), issuer.url());
              WebhookServer.send(exchange, 200, document.getBytes(UTF_8));
            });
    server = new RunningServer(read(CONFIGURATION.formatted(issuer.url(), indented())));
  }

  private static final String CONFIGURATION =
      """
      apiVersion: apiserver.config.k8s.io/v1
      kind: AuthenticationConfiguration
      jwt:
      - issuer:
          url: %s
          certificateAuthority: |
      %s
          audiences: [tiphys]
        claimValidationRules:
        - claim: hd
          requiredValue: example.com
        - expression: "claims.exp - claims.iat <= 86400"
          message: a token must not live longer than a day
        claimMappings:
          username:
            expression: "'ext:' + claims.sub"
          groups:
            claim: teams
            prefix: "team-"
          uid:
            claim: sub
          extra:
          - key: example.com/tenant
            valueExpression: claims.tenant
        userValidationRules:
        - expression: "!user.username.startsWith('ext:system:')"
          message: system names are reserved
      anonymous:
        enabled: true
        conditions:
        - path: /readyz
      """;

  /// The keys, under another name if one is set.
  private String named(String keys) {
    return name.isEmpty() ? keys : keys.replace(signer.key().id(), name);
  }

  private String indented() {
    return issuer
        .authority()
        .lines()
        .map(line -> "      " + line)
        .reduce((a, b) -> a + "\n" + b)
        .orElseThrow();
  }

  private static AuthenticationConfiguration read(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("authentication.yaml"), yaml);
    return AuthenticationConfiguration.read(file, List.of("https://own"));
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    issuer.close();
  }

  private String claims(String changes) {
    long now = Instant.now().getEpochSecond();
    return "{\"iss\":\"%s\",\"aud\":\"tiphys\",\"sub\":\"ann\",\"hd\":\"example.com\",\"tenant\":\"blue\",\"teams\":[\"a\",\"b\"],\"iat\":%d,\"exp\":%d%s}"
        .formatted(issuer.url(), now, now + 600, changes.replace('\'', '"'));
  }

  private Struct review(String claims) throws Exception {
    String token = signer.sign(claims.getBytes(UTF_8));
    Wire.Answer answer =
        new Wire(server)
            .post(
                "/apis/authentication.k8s.io/v1/tokenreviews",
                "{'spec':{'token':'" + token + "'}}");
    assertThat(answer.code()).isEqualTo(201);
    return answer.json().struct("status");
  }

  @Test
  void theClaimsMakeTheUser() throws Exception {
    Struct user = review(claims("")).struct("user");

    assertThat(user.string("username")).isEqualTo("ext:ann");
    assertThat(user.string("uid")).isEqualTo("ann");
    assertThat(user.strings("groups")).containsExactly("team-a", "team-b", "system:authenticated");
    assertThat(user.struct("extra").strings("example.com/tenant")).containsExactly("blue");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        ",'aud':'other';oidc: verify token: oidc: expected audience in [tiphys] got [other]",
        ",'exp':1;oidc: verify token: oidc: token is expired",
        ",'hd':'evil.org';oidc: required claim hd value does not match. Got = evil.org, want = example.com",
        ",'exp':99999999999;failed: a token must not live longer than a day",
        ",'sub':'system:admin';failed: system names are reserved",
        ",'teams':[1];oidc: parse groups claim teams",
      })
  void whatIsNotAsItMustBeIsRefused(String changes, String error) throws Exception {
    Struct status = review(claims(changes));

    assertThat(status.bool("authenticated")).isFalse();
    assertThat(status.string("error").replace("\"", "")).contains(error);
  }

  @Test
  void anotherKeyIsNotBelievedUntilTheIssuerPublishesIt() throws Exception {
    assertThat(review(claims("")).bool("authenticated")).isTrue();
    TokenSigner stranger = new TokenSigner(KeyType.EC.generate());
    String token = stranger.sign(claims("").getBytes(UTF_8));

    assertThat(new Wire(server, token).get("/version").code()).isEqualTo(401);
  }

  private boolean isGood(ConfiguredIssuers issuers, TokenSigner by) {
    String token = by.sign(claims("").getBytes(UTF_8));
    return issuers.examine(token, List.of()) instanceof TokenAuthenticator.Verdict.Of;
  }

  /// An issuer that goes over to another key publishes it first; the keys are asked for again when
  /// a token is signed with one that is not known, at most every ten seconds.
  @Test
  void keysThatTheIssuerPublishesLaterAreBelieved() throws Exception {
    TokenSigner first = signer;
    TokenSigner second = new TokenSigner(KeyType.EC.generate());
    VirtualWorld world = new VirtualWorld(1);
    world.advance(Duration.between(world.now(), Instant.now()));
    ConfiguredIssuers issuers =
        new ConfiguredIssuers(world, read(CONFIGURATION.formatted(issuer.url(), indented())));
    try {
      assertThat(isGood(issuers, first)).isTrue();
      signer = second;
      assertThat(isGood(issuers, second)).as("it was asked a moment ago").isFalse();

      world.advance(Duration.ofSeconds(11));

      assertThat(isGood(issuers, second)).isTrue();
      assertThat(isGood(issuers, first)).as("what is not published any more").isFalse();
    } finally {
      signer = first;
    }
  }

  /// Some issuers replace a key and keep its name.
  @Test
  void aKeyMayBeReplacedUnderItsName() throws Exception {
    TokenSigner first = signer;
    TokenSigner second = new TokenSigner(KeyType.EC.generate());
    VirtualWorld world = new VirtualWorld(1);
    world.advance(Duration.between(world.now(), Instant.now()));
    ConfiguredIssuers issuers =
        new ConfiguredIssuers(world, read(CONFIGURATION.formatted(issuer.url(), indented())));
    try {
      name = second.key().id(); // the first key bears the name of the second
      isGood(issuers, second);
      name = "";
      signer = second;
      world.advance(Duration.ofSeconds(11));

      assertThat(isGood(issuers, second)).isTrue();
    } finally {
      name = "";
      signer = first;
    }
  }

  /// Only the paths that are listed need no proof.
  @Test
  void anonymousRequestsMayBeLimitedToPaths() throws Exception {
    Wire nobody = new Wire(server, "");

    assertThat(nobody.get("/readyz").code()).isEqualTo(200);
    assertThat(nobody.get("/version").code()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "url: 'http://a';jwt[0].issuer.url: Invalid value: http://a: URL scheme must be https",
        "url: 'https://own';jwt[0].issuer.url: Invalid value: https://own: URL must not overlap with disallowed issuers: [https://own]",
        "audiences: [a, b];jwt[0].issuer.audienceMatchPolicy: Invalid value: : audienceMatchPolicy must be MatchAny for multiple audiences",
        "audiences: [];jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required",
        "username: {claim: sub};jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing",
        "username: {expression: claims.email};claims.email_verified must be used",
        "username: {expression: 'claims.'};jwt[0].claimMappings.username.expression: Invalid value: claims.: compilation failed",
      })
  void aConfigurationThatCannotBeUsedIsRefused(String line, String error) {
    String yaml =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n"
            + "- issuer:\n    "
            + (line.startsWith("url") ? line : "url: 'https://a'")
            + "\n    "
            + (line.startsWith("aud") ? line : "audiences: [a]")
            + "\n  claimMappings:\n    "
            + (line.startsWith("user") ? line : "username: {claim: sub, prefix: ''}");

    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(refusal -> assertThat(refusal.getMessage().replace("\"", "")).contains(error));
  }
}
