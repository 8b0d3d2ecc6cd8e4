package dev.tiphys.apiserver.authentication.serviceaccount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenKeys;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A token that is kept in a Secret, of the account `app`.
class LegacyTokensTest {

  private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
  private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

  private final VirtualWorld world = new VirtualWorld(1);
  private final TokenSigner signer = new TokenSigner(KeyType.EC.generate());
  private final ApiServer server =
      new ApiServer(EmbeddedStore.inMemory(world), world, ApiServerSettings.standard());
  private final Api api = server.api("tester");
  private final LegacyTokens tokens =
      new LegacyTokens(
          new TokenKeys(List.of(signer.key())),
          new Lookup() {
            @Override
            public @Nullable Struct find(
                String group, String plural, String namespace, String name) {
              return api.find(
                  plural.equals("secrets") ? ApiResource.SECRETS : ApiResource.SERVICE_ACCOUNTS,
                  namespace,
                  name);
            }

            @Override
            public List<Struct> list(String group, String plural, String namespace) {
              return List.of();
            }
          },
          new TokenUse(world, api));
  private String token = "";

  @BeforeEach
  void makeToken() {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    Struct account =
        api.create(
            ApiResource.SERVICE_ACCOUNTS, Yaml.struct("metadata: {name: app, namespace: default}"));
    token = sign(Meta.of(account).uid());
    api.create(
        ApiResource.SECRETS,
        Yaml.struct(
                """
                metadata:
                  name: s
                  namespace: default
                  annotations: {kubernetes.io/service-account.name: app}
                type: kubernetes.io/service-account-token
                """)
            .with(
                "data",
                Struct.of("token", Base64.getEncoder().encodeToString(token.getBytes(UTF_8)))));
  }

  @AfterEach
  void stop() {
    server.close();
    world.settle();
  }

  private String sign(String uid) {
    String claims =
        """
        {"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:app",
        "kubernetes.io/serviceaccount/namespace":"default",
        "kubernetes.io/serviceaccount/secret.name":"s",
        "kubernetes.io/serviceaccount/service-account.name":"app",
        "kubernetes.io/serviceaccount/service-account.uid":"%s"}"""
            .formatted(uid);
    return signer.sign(claims.getBytes(UTF_8));
  }

  private Verdict examined() {
    return tokens.examine(token, List.of("it"));
  }

  private void label(String key, Object value) {
    api.patch(
        ApiResource.SECRETS,
        "default",
        "s",
        "",
        PatchType.MERGE,
        Struct.of("metadata", Struct.of("labels", Struct.of(key, value))));
  }

  private Meta secret() {
    return Meta.of(api.get(ApiResource.SECRETS, "default", "s"));
  }

  @Test
  void theDayOfItsLastUseIsNoted() {
    assertThat(examined()).isInstanceOf(Verdict.Of.class);
    assertThat(secret().label(LAST_USED)).isEqualTo(world.now().toString().substring(0, 10));
    String version = secret().resourceVersion();

    examined();
    assertThat(secret().resourceVersion()).as("once a day").isEqualTo(version);
    world.advance(Duration.ofDays(1));
    examined();

    assertThat(secret().label(LAST_USED)).isEqualTo(world.now().toString().substring(0, 10));
  }

  @Test
  void oneThatIsMarkedIsRefusedUntilTheMarkGoes() {
    label(INVALID_SINCE, "2026-01-01");

    assertThat(examined())
        .isEqualTo(
            new Verdict.Refused(
                "the token in secret default/s for service account default/app has been marked invalid."
                    + " Use tokens from the TokenRequest API or manually created secret-based tokens, or"
                    + " remove the 'kubernetes.io/legacy-token-invalid-since' label from the secret to"
                    + " temporarily allow use of this token"));
    assertThat(secret().label(LAST_USED)).as("it was asked for").isNotEmpty();
    label(INVALID_SINCE, Null.NULL);
    assertThat(examined()).isInstanceOf(Verdict.Of.class);
  }

  @Test
  void itGoesWithItsAccountAndItsSecret() {
    token = sign("another");
    assertThat(examined()).isEqualTo(new Verdict.Refused("Token does not match server's copy"));

    api.delete(ApiResource.SECRETS, "default", "s", DeleteOptions.DEFAULT);

    assertThat(examined()).isEqualTo(new Verdict.Refused("Token has been invalidated"));
  }
}
