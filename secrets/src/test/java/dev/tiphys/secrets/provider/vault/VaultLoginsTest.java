package dev.tiphys.secrets.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.vault.Listeners;
import dev.tiphys.secrets.vault.VaultServer;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every way to log in, as settings have it and as servers check it.
class VaultLoginsTest extends VaultTest {

  private static final ApiResource REVIEWS =
      new ApiResource(
          GroupVersion.parse("authentication.k8s.io/v1"), "tokenreviews", "TokenReview", false);

  @BeforeEach
  void putSecret() {
    scene.setup.kvTwo("secret").put("db", Struct.of("password", "s3cret"));
  }

  private void assertOpens(String auth) throws InterruptedException {
    assertOpens(scene.settings("v2", auth));
  }

  private void assertOpens(Struct vault) throws InterruptedException {
    try (OpenStore store = open(vault)) {
      assertThat(store.validate()).isEqualTo(OpenStore.Validity.READY);
      assertThat(store.read(new RemoteReference("db", "password")))
          .isEqualTo("s3cret".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void assertRefused(String auth, String message) {
    assertThatThrownBy(() -> open(scene.settings("v2", auth)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aToken() throws InterruptedException {
    assertOpens(VaultScene.BY_TOKEN);
    assertRefused(
        "{tokenSecretRef: {name: nowhere, key: token}}",
        "cannot get Kubernetes secret \"nowhere\" from namespace \"default\"");
    assertRefused(
        "{tokenSecretRef: {name: vault, key: none}}", "cannot find secret data for key: \"none\"");
  }

  @Test
  void aTokenThatCannotBeSentIsNotTold() throws InterruptedException {
    scene.secret("broken", Map.of("token", "hvs.broken\n"));
    try (OpenStore store =
        open(scene.settings("v2", "{tokenSecretRef: {name: broken, key: token}}"))) {
      assertThatThrownBy(store::validate)
          .hasMessage(
              "invalid vault credentials: configured Vault token contains non-printable characters"
                  + " and cannot be used");
    }
  }

  @Test
  void noWayToLogIn() {
    assertRefused(
        "{namespace: other}", "cannot initialize Vault client: no valid auth method specified");
    assertRefused(
        "{gcp: {role: r}}", "cannot initialize Vault client: no valid auth method specified");
  }

  @Test
  void aRoleAndItsSecret() throws InterruptedException {
    assertOpens(VaultScene.BY_ROLE);
    scene.setup.appRole("deep/approle", "given", VaultScene.SECRET, VaultScene.TTL);
    assertOpens(
        "{appRole: {path: deep/approle, roleId: ' given ', secretRef: {name: vault, key: secret}}}");
    assertRefused(
        "{appRole: {path: approle, secretRef: {name: vault, key: secret}}}",
        "invalid Auth.AppRole: neither `roleId` nor `roleRef` was supplied");
  }

  @Test
  void namesAndPasswords() throws InterruptedException {
    scene.setup.userPass("userpass", "ann", "password-of-ann");
    scene.setup.ldap("ldap", "bob", "password-of-bob");
    scene.secret("people", Map.of("ann", "password-of-ann", "bob", "password-of-bob"));
    assertOpens("{userPass: {path: userpass, username: ann, secretRef: {name: people, key: ann}}}");
    assertOpens("{ldap: {path: ldap, username: bob, secretRef: {name: people, key: bob}}}");
    assertRefused(
        "{userPass: {path: userpass, username: ann, secretRef: {name: people, key: bob}}}",
        "unable to log in to auth method: unable to log in with userpass auth: Error making API");
    assertRefused(
        "{ldap: {path: ldap, username: bob, secretRef: {name: people, key: ann}}}",
        "unable to log in to auth method: unable to log in with LDAP auth: Error making API");
  }

  /// Asks the cluster's API server, as a Vault does.
  private Optional<String> reviewed(String token) {
    Struct review =
        cluster.api.create(
            REVIEWS,
            Struct.of(
                "apiVersion",
                "authentication.k8s.io/v1",
                "kind",
                "TokenReview",
                "spec",
                Struct.of("token", token)));
    return review.bool("status", "authenticated")
        ? Optional.of(review.string("status", "user", "username"))
        : Optional.empty();
  }

  @Test
  void tokensOfServiceAccountsThatTheClusterIsAskedAbout() throws InterruptedException {
    cluster.create(
        ApiResource.SERVICE_ACCOUNTS,
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: app, namespace: default}}");
    scene.setup.kubernetes(
        "kubernetes", "demo", "system:serviceaccount:default:app", this::reviewed);
    assertOpens(
        "{kubernetes: {mountPath: kubernetes, role: demo, serviceAccountRef: {name: app}}}");

    Struct request =
        Yaml.struct("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {}}");
    String token =
        cluster
            .api
            .createSubresource(ApiResource.SERVICE_ACCOUNTS, "default", "app", "token", request)
            .string("status", "token");
    scene.secret("account", Map.of("token", token, "forged", token + "x"));
    assertOpens("{kubernetes: {mountPath: kubernetes, role: demo, secretRef: {name: account}}}");

    assertRefused(
        "{kubernetes: {mountPath: kubernetes, role: demo, secretRef: {name: account, key: forged}}}",
        "unable to log in to auth method: unable to log in with Kubernetes auth: Error making API");
    assertRefused(
        "{kubernetes: {mountPath: kubernetes, role: demo, serviceAccountRef: {name: none}}}",
        "cannot get Kubernetes service account \"none\" from namespace \"default\"");
    assertRefused(
        "{kubernetes: {mountPath: kubernetes, role: demo}}",
        "cannot read Kubernetes service account token from file system");
  }

  private static String jwt(KeyPair keys, String audience, long expires)
      throws GeneralSecurityException {
    String header = part(Struct.of("alg", "RS256", "typ", "JWT"));
    String claims = part(Struct.of("aud", audience, "exp", expires));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
    return header + "." + claims + "." + base64(signature.sign());
  }

  private static String part(Struct tree) {
    return base64(Json.bytes(tree));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void signedTokens() throws InterruptedException, GeneralSecurityException {
    KeyPair keys = KeyType.RSA.generate();
    scene.setup.jwt("jwt", "demo", keys.getPublic(), "vault");
    long later = cluster.world.now().plus(Duration.ofHours(1)).getEpochSecond();
    scene.secret(
        "signed",
        Map.of(
            "good", jwt(keys, "vault", later),
            "late", jwt(keys, "vault", 1),
            "other", jwt(keys, "other", later),
            "forged", jwt(KeyType.RSA.generate(), "vault", later)));
    assertOpens("{jwt: {path: jwt, role: demo, secretRef: {name: signed, key: good}}}");
    for (String bad : List.of("late", "other", "forged")) {
      assertRefused(
          "{jwt: {path: jwt, role: demo, secretRef: {name: signed, key: %s}}}".formatted(bad),
          "Code: 400. Errors:\n\n* error validating token");
    }
    assertRefused(
        "{jwt: {path: jwt, role: demo}}",
        "neither `secretRef` nor `kubernetesServiceAccountToken` was supplied");
  }

  @Test
  void tokensOfServiceAccountsWhoseAudienceIsVault() throws InterruptedException {
    cluster.create(
        ApiResource.SERVICE_ACCOUNTS,
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: app, namespace: default}}");
    assertRefused(
        "{jwt: {path: jwt, role: demo, kubernetesServiceAccountToken: {serviceAccountRef: {name: app}, expirationSeconds: 1200}}}",
        "Code: 403");
    Struct sent = Json.struct(scene.server.lastBody);
    String claims = sent.string("jwt").split("\\.", -1)[1];
    Struct told = Json.struct(Base64.getUrlDecoder().decode(claims));
    assertThat(told.strings("aud")).containsExactly("vault");
    assertThat(told.integer("exp") - told.integer("iat")).isEqualTo(1200);
  }

  private static SSLContext context(Credential credential)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = {};
    X509Certificate[] chain = credential.chain().toArray(X509Certificate[]::new);
    store.setKeyEntry("own", credential.key(), password, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {new AnyClient()}, null);
    return context;
  }

  /// Takes any certificate; the way to log in looks at it.
  private static final class AnyClient implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // looked at later
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void certificates() throws IOException, GeneralSecurityException, InterruptedException {
    World world = new RealWorld(); // TLS looks at the clock of the machine
    Authority authority = Authority.found(world, "servers");
    Authority clients = Authority.found(world, "clients");
    Credential own =
        authority.issue(Subject.server("vault", List.of("127.0.0.1")), Duration.ofDays(1));
    Credential client = clients.issue(Subject.client("app"), Duration.ofDays(1));
    Credential stranger = authority.issue(Subject.client("app"), Duration.ofDays(1));
    scene.setup.certificates("cert", "demo", clients.certificate().getPublicKey());
    scene.secret(
        "tls",
        Map.of(
            "tls.crt", Pem.of(client.chain()),
            "tls.key", Pem.of(client.key()),
            "strange.crt", Pem.of(stranger.chain()),
            "strange.key", Pem.of(stranger.key()),
            "ca", Pem.of(List.of(authority.certificate()))));
    try (VaultServer secure = Listeners.secure(scene.vault, context(own))) {
      Struct trusted =
          VaultScene.settings(secure.uri(), "v2", VaultScene.BY_TOKEN)
              .with("caProvider", Yaml.struct("{type: Secret, name: tls, key: ca}"));
      assertOpens(trusted);
      assertOpens(trusted.with("auth", certificate("tls")));
      assertThatThrownBy(() -> open(trusted.with("auth", certificate("strange"))))
          .hasMessageContaining("error from Vault request: Error making API request.")
          .hasMessageContaining("failed to match all constraints for this login certificate");
      assertOpens(
          trusted.with(
              "tls", Yaml.struct("{certSecretRef: {name: tls}, keySecretRef: {name: tls}}")));
      try (OpenStore untrusted = open(trusted.without("caProvider"))) {
        assertThatThrownBy(untrusted::validate).isInstanceOf(StoreException.class);
      }
      Struct broken =
          trusted
              .without("caProvider")
              .with("caBundle", Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}));
      try (OpenStore store = open(broken)) {
        assertThatThrownBy(store::validate)
            .hasMessageContaining(
                "cannot set Vault CA certificate: failed to parse certificates from CertPool");
      }
    }
  }

  private static Struct certificate(String name) {
    return Yaml.struct(
        "{cert: {path: cert, vaultRole: demo, clientCert: {name: tls, key: %s.crt}, secretRef: {name: tls, key: %s.key}}}"
            .formatted(name, name));
  }
}
