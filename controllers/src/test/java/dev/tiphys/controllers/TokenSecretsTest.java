package dev.tiphys.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.DetachedSignature;
import dev.tiphys.pki.token.SignedToken;
import dev.tiphys.pki.token.TokenSigner;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenSecretsTest {

  private static final TokenSigner SIGNER = new TokenSigner(KeyType.EC.generate());

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT
              .withRootCertificates("root")
              .withSigning(new SigningSettings(null, SIGNER)));

  @AfterEach
  void close() {
    cluster.close();
  }

  private void makeSecret(String account) {
    cluster.create(
        ApiResource.SECRETS,
        """
        metadata:
          name: s
          namespace: default
          annotations:
            kubernetes.io/service-account.name: %s
        type: kubernetes.io/service-account-token
        """
            .formatted(account));
    cluster.settle();
  }

  private static String decoded(Struct secret, String key) {
    return new String(Base64.getDecoder().decode(secret.string("data", key)), UTF_8);
  }

  @Test
  void aSecretIsFilledWithATokenOfItsAccountAndGoesWithIt() {
    makeSecret("default");

    Struct secret = cluster.get(ApiResource.SECRETS, "s");

    Struct account = cluster.get(ApiResource.SERVICE_ACCOUNTS, "default");
    assertThat(decoded(secret, "namespace")).isEqualTo("default");
    assertThat(decoded(secret, "ca.crt")).isEqualTo("root");
    assertThat(Meta.of(secret).annotation("kubernetes.io/service-account.uid"))
        .isEqualTo(Meta.of(account).uid());
    SignedToken token = Objects.requireNonNull(SignedToken.parse(decoded(secret, "token")));
    assertThat(token.isSignedBy(SIGNER.key())).isTrue();
    Struct claims = Json.struct(token.payload());
    assertThat(claims.string("iss")).isEqualTo("kubernetes/serviceaccount");
    assertThat(claims.string("sub")).isEqualTo("system:serviceaccount:default:default");
    assertThat(claims.string("kubernetes.io/serviceaccount/secret.name")).isEqualTo("s");
    cluster.delete(ApiResource.SERVICE_ACCOUNTS, "default");
    cluster.settle();
    assertThat(cluster.api.find(ApiResource.SECRETS, "default", "s")).isNull();
  }

  @Test
  void aSecretOfNoAccountIsDeleted() {
    makeSecret("nobody");

    assertThat(cluster.api.find(ApiResource.SECRETS, "default", "s")).isNull();
  }

  @Test
  void aTokenToJoinWithGoesWhenItEnds() {
    String end =
        Base64.getEncoder()
            .encodeToString(
                cluster.world.now().plus(Duration.ofHours(2)).toString().getBytes(UTF_8));
    cluster.create(
        ApiResource.SECRETS,
        """
        metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
        type: bootstrap.kubernetes.io/token
        data: {token-id: YWJjZGVm, token-secret: MDEyMzQ1Njc4OWFiY2RlZg==, expiration: %s}
        """
            .formatted(end));
    cluster.advance(Duration.ofMinutes(119));
    assertThat(cluster.api.find(ApiResource.SECRETS, "kube-system", "bootstrap-token-abcdef"))
        .isNotNull();

    cluster.advance(Duration.ofMinutes(2));

    assertThat(cluster.api.find(ApiResource.SECRETS, "kube-system", "bootstrap-token-abcdef"))
        .isNull();
  }

  private void makeJoinToken(String id, String more) {
    cluster.create(
        ApiResource.SECRETS,
        """
        metadata: {name: bootstrap-token-%s, namespace: kube-system}
        type: bootstrap.kubernetes.io/token
        stringData: {token-id: %s, token-secret: 0123456789abcdef%s}
        """
            .formatted(id, id, more));
  }

  private Struct clusterInfo() {
    return cluster.api.get(ApiResource.CONFIG_MAPS, "kube-public", "cluster-info").struct("data");
  }

  @Test
  void whatJoiningNodesAreToldIsSignedWithEachTokenForIt() {
    String end = ", expiration: '" + cluster.world.now().plus(Duration.ofHours(1)) + "'";
    makeJoinToken("aaaaaa", end + ", usage-bootstrap-signing: 'true'");
    makeJoinToken("bbbbbb", ", usage-bootstrap-signing: 'true'");
    makeJoinToken("cccccc", ", usage-bootstrap-authentication: 'true'");
    cluster.create(
        ApiResource.CONFIG_MAPS,
        """
        metadata: {name: cluster-info, namespace: kube-public}
        data: {kubeconfig: content, other: kept, jws-kubeconfig-dddddd: stale}
        """);
    cluster.settle();

    assertThat(clusterInfo().names())
        .containsExactlyInAnyOrder(
            "kubeconfig", "other", "jws-kubeconfig-aaaaaa", "jws-kubeconfig-bbbbbb");
    assertThat(clusterInfo().string("jws-kubeconfig-aaaaaa"))
        .isEqualTo(DetachedSignature.of("content", "aaaaaa", "0123456789abcdef"));
    Struct map = cluster.api.get(ApiResource.CONFIG_MAPS, "kube-public", "cluster-info");
    cluster.api.update(
        ApiResource.CONFIG_MAPS, map.with("data", map.struct("data").with("kubeconfig", "new")));
    cluster.settle();
    assertThat(clusterInfo().string("jws-kubeconfig-bbbbbb"))
        .isEqualTo(DetachedSignature.of("new", "bbbbbb", "0123456789abcdef"));
    cluster.advance(Duration.ofHours(1));
    assertThat(clusterInfo().has("jws-kubeconfig-aaaaaa")).as("its token has ended").isFalse();
    assertThat(clusterInfo().has("jws-kubeconfig-bbbbbb")).isTrue();
  }
}
