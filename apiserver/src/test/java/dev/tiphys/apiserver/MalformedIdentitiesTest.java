package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.pki.Subject;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.Rounds;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Certificates, requests for certificates, tokens and reviews that are made up or spoilt, from a
/// seed: they prove nothing, and the server finds the fault with them and not with itself.
///
/// `-Dtiphys.identities` says how many of each are tried, `-Dtiphys.seed` which.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(3_600)
class MalformedIdentitiesTest {

  private static final int COUNT = Rounds.of("tiphys.identities", 100);
  private static final long SEED = Long.getLong("tiphys.seed", 20_260_101);
  private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String REQUESTS =
      "/apis/certificates.k8s.io/v1/certificatesigningrequests?dryRun=All";

  private static final List<String> HEADERS =
      List.of(
          "{\"alg\":\"none\"}",
          "{\"alg\":\"None\",\"typ\":\"JWT\"}",
          "{\"alg\":\"HS256\"}",
          "{\"alg\":\"RS256\",\"kid\":\"x\"}",
          "{\"alg\":\"ES256\"}",
          "{\"alg\":\"EdDSA\"}",
          "{\"alg\":5}",
          "{\"alg\":null}",
          "{\"alg\":[\"RS256\"]}",
          "{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}",
          "{\"alg\":\"RS256\",\"b64\":false,\"crit\":[\"b64\"]}",
          "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQ\"}}",
          "{\"alg\":\"RS256\",\"jku\":\"https://127.0.0.1:1/keys\",\"x5u\":\"https://127.0.0.1:1\"}",
          "{\"alg\":\"RS256\",\"x5c\":[\"AA==\"]}",
          "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
          "{\"alg\":\"RS256\",\"zip\":\"DEF\"}",
          "{\"alg\":\"RS256\",\"alg\":\"none\"}",
          "{}",
          "[]",
          "null",
          "\"RS256\"",
          "{",
          "",
          "\0\1\2");
  private static final List<String> CLAIMS =
      List.of(
          "{}",
          "[]",
          "null",
          "{\"iss\":\"ISSUER\"}",
          "{\"iss\":[\"ISSUER\"]}",
          "{\"iss\":\"kubernetes/serviceaccount\"}",
          "{\"iss\":\"ISSUER\",\"exp\":\"soon\",\"aud\":{}}",
          "{\"iss\":\"ISSUER\",\"exp\":1e400}",
          "{\"iss\":\"ISSUER\",\"exp\":-9223372036854775808,\"nbf\":9223372036854775807}",
          "{\"iss\":\"ISSUER\",\"aud\":[1,null,{}],\"sub\":5,\"kubernetes.io\":[]}",
          "{\"iss\":\"ISSUER\",\"sub\":\"system:serviceaccount:a:b\",\"kubernetes.io\":{\"namespace\":5,\"pod\":[]}}",
          "{\"iss\":\"kubernetes/serviceaccount\",\"sub\":\"system:serviceaccount::\",\"kubernetes.io/serviceaccount/secret.name\":\"../x\"}",
          "{\"iss\":",
          "\ud800");
  private static final List<String> LITERALS =
      List.of(
          "null", "true", "-1", "1e999", "\"\"", "\"*\"", "[]", "{}", "[null]", "\"a\\u0000b\"");
  private static final List<String> SUBJECT_REVIEWS =
      List.of(
          "{\"spec\":{\"user\":X,\"groups\":Y,\"resourceAttributes\":{\"verb\":X,\"resource\":Y,\"namespace\":X}}}",
          "{\"spec\":{\"user\":\"a\",\"extra\":X,\"uid\":Y,\"nonResourceAttributes\":{\"path\":X,\"verb\":Y}}}",
          "{\"spec\":{\"user\":\"a\",\"resourceAttributes\":{\"fieldSelector\":{\"rawSelector\":X,\"requirements\":Y},\"labelSelector\":{\"requirements\":[{\"key\":X,\"operator\":Y,\"values\":X}]}}}}",
          "{\"spec\":{\"user\":\"a\",\"resourceAttributes\":{\"verb\":\"get\",\"group\":X,\"version\":Y,\"subresource\":X,\"name\":Y}}}",
          "{\"spec\":X,\"status\":Y}",
          "{\"metadata\":X,\"spec\":{\"token\":Y,\"audiences\":X,\"namespace\":Y}}",
          "X");
  private static final List<String> REVIEW_PATHS =
      List.of(
          "/apis/authorization.k8s.io/v1/subjectaccessreviews",
          "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
          "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews",
          "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
          "/apis/authentication.k8s.io/v1/selfsubjectreviews",
          "/api/v1/namespaces/default/serviceaccounts/app/token",
          REVIEWS);

  private RunningServer server;
  private Wire wire;
  private String good;

  @BeforeAll
  void start() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
    wire.post("/api/v1/namespaces/default/serviceaccounts", "{'metadata':{'name':'app'}}");
    good =
        wire.post("/api/v1/namespaces/default/serviceaccounts/app/token", "{'spec':{}}")
            .json()
            .string("status", "token");
    assertThat(good).isNotEmpty();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String one(RandomGenerator random, List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  /// Some bytes of it changed, taken away or doubled.
  private static byte[] spoilt(RandomGenerator random, byte[] whole) {
    byte[] bytes = whole.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
      default -> bytes;
    };
  }

  private String token(RandomGenerator random) {
    String claims =
        one(random, CLAIMS).replace("ISSUER", "https://kubernetes.default.svc.cluster.local");
    String[] parts = good.split("\\.");
    return switch (random.nextInt(8)) {
      case 0 -> encoded(one(random, HEADERS)) + "." + parts[1] + "." + parts[2];
      case 1 -> encoded(one(random, HEADERS)) + "." + parts[1] + ".";
      case 2 -> parts[0] + "." + encoded(claims) + "." + parts[2];
      case 3 -> encoded(one(random, HEADERS)) + "." + encoded(claims) + "." + parts[2];
      case 4 -> "a".repeat(random.nextInt(20_000)) + "." + parts[1] + "." + parts[2];
      case 5 -> ".".repeat(random.nextInt(9)) + good.substring(random.nextInt(good.length()));
      case 6 -> "abcdef." + "0".repeat(random.nextInt(40));
      default ->
          new String(spoilt(random, good.getBytes(ISO_8859_1)), ISO_8859_1)
              .replaceAll("[^!-~]", "_");
    };
  }

  @Test
  void spoiltTokensProveNothing() throws Exception {
    Wire nobody = new Wire(server, "");
    for (int i = 0; i < COUNT; i++) {
      String token = token(new SplittableRandom(SEED + i));
      if (isSame(token)) {
        continue;
      }
      String body = "{\"spec\":{\"token\":" + Json.text(token) + "}}";
      Wire.Answer review = wire.send("POST", REVIEWS, body);
      assertThat(review.code()).as("%d: %s", SEED + i, token).isBetween(200, 499);
      if (review.code() == 201) {
        assertThat(review.json().struct("status").bool("authenticated"))
            .as("%d: %s", SEED + i, token)
            .isFalse();
      }
      if (!token.isBlank()) {
        assertThat(nobody.get("/version", "Authorization", "Bearer " + token).code())
            .as("%d: %s", SEED + i, token)
            .isIn(401, 429, 431);
      }
    }
  }

  /// Unused bits of the last digit of the signature may differ: RFC 4648 lets readers ignore them.
  private boolean isSame(String token) {
    return token.length() == good.length()
        && token.startsWith(good.substring(0, good.length() - 1));
  }

  @Test
  void spoiltRequestsForCertificatesAreRefused() throws Exception {
    String pem =
        SigningRequest.of(
            KeyType.EC.generate(),
            new Subject("system:node:a", List.of("system:nodes"), List.of()));
    byte[] der =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", "").replace("\n", ""));
    for (int i = 0; i < COUNT; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      String text =
          random.nextInt(4) == 0
              ? new String(spoilt(random, pem.getBytes(ISO_8859_1)), ISO_8859_1)
              : "-----BEGIN CERTIFICATE REQUEST-----\n"
                  + Base64.getMimeEncoder().encodeToString(spoilt(random, der))
                  + "\n-----END CERTIFICATE REQUEST-----\n";
      String body =
          "{'metadata':{'name':'r'},'spec':{'request':'%s','signerName':'kubernetes.io/kube-apiserver-client','usages':['client auth']}}"
              .formatted(Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1)));

      Wire.Answer answer = wire.post(REQUESTS, body);

      assertThat(answer.code()).as("%d: %s", SEED + i, answer.text()).isBetween(200, 499);
    }
  }

  @Test
  void spoiltReviewsAreAnsweredOrRefused() throws Exception {
    for (int i = 0; i < COUNT; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      String path = one(random, REVIEW_PATHS);
      String body =
          one(random, SUBJECT_REVIEWS)
              .replace("X", one(random, LITERALS))
              .replace("Y", one(random, LITERALS));

      Wire.Answer answer = wire.send("POST", path, body);

      assertThat(answer.code())
          .as("%d: %s %s: %s", SEED + i, path, body, answer.text())
          .isBetween(200, 499);
    }
  }

  @Test
  void spoiltCertificatesAreNotTrusted() throws Exception {
    Authority authority = Authority.found(RunningServer.WORLD, "test");
    Credential client = authority.issue(Subject.client("ann", "team"), Duration.ofHours(1));
    byte[] der = client.certificate().getEncoded();
    List<Long> trusted = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Trust trust = new Trust(List.of(authority.certificate()));
    for (int i = 0; i < COUNT; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      X509Certificate spoilt;
      try {
        spoilt =
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(spoilt(random, der)));
      } catch (CertificateException e) {
        continue; // no certificate at all, which ends the handshake
      }
      if (Arrays.equals(spoilt.getTBSCertificate(), client.certificate().getTBSCertificate())) {
        continue; // what the authority has signed is whole; how a signature is written may vary
      }
      try {
        trust.verify(List.of(spoilt, authority.certificate()), RunningServer.WORLD.now());
        trusted.add(SEED + i);
      } catch (GeneralSecurityException e) {
        assertThat(e).isNotNull();
      }
    }
    assertThat(trusted).isEmpty();
  }
}
