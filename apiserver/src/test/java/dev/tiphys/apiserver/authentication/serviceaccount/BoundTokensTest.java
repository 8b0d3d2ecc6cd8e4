package dev.tiphys.apiserver.authentication.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How long the token of a Pod is good when the Pod, its account or its node goes.
class BoundTokensTest {

  private static final String ISSUER = "https://issuer";

  private final VirtualWorld world = new VirtualWorld(1);
  private final TokenSigner signer = new TokenSigner(KeyType.EC.generate());
  private final Map<String, Struct> objects = new HashMap<>();
  private final ServiceAccountTokens tokens =
      new ServiceAccountTokens(
          world,
          new TokenSettings(
              List.of(ISSUER),
              List.of(ISSUER),
              signer,
              TokenSettings.of(signer).keys(),
              Duration.ZERO,
              false),
          new Lookup() {
            @Override
            public @Nullable Struct find(
                String group, String plural, String namespace, String name) {
              return objects.get(plural + "/" + name);
            }

            @Override
            public List<Struct> list(String group, String plural, String namespace) {
              return List.of();
            }
          });
  private String token = "";

  private Struct put(String plural, String name, String uid, @Nullable Instant deleted) {
    StructBuilder metadata =
        new StructBuilder().add("name", name).add("namespace", "ns").add("uid", uid);
    if (deleted != null) {
      metadata.add("deletionTimestamp", Timestamps.seconds(deleted));
    }
    Struct object = Struct.of("metadata", metadata.build());
    objects.put(plural + "/" + name, object);
    return object;
  }

  @BeforeEach
  void bind() {
    Struct account = put("serviceaccounts", "app", "1", null);
    Struct pod = put("pods", "p", "2", null);
    Struct node = put("nodes", "n", "3", null);
    long now = world.now().getEpochSecond();
    Claims claims =
        Claims.of(
            ISSUER, List.of(ISSUER), account, Map.of("pod", pod, "node", node), now, 3600, 0, "id");
    token = signer.sign(Json.bytes(claims.tree()));
  }

  private Verdict verdict() {
    return tokens.examine(token, List.of(ISSUER));
  }

  private void assertRefused(String why) {
    assertThat(verdict()).isEqualTo(new Verdict.Refused(why));
  }

  @Test
  void aPodThatShutsDownCanStillUseItsToken() {
    put("pods", "p", "2", world.now());
    assertThat(verdict()).isInstanceOf(Verdict.Of.class);

    world.advance(Duration.ofSeconds(60));
    assertThat(verdict()).isInstanceOf(Verdict.Of.class);
    world.advance(Duration.ofSeconds(2));

    assertRefused("service account token has been invalidated"); // though a finalizer holds the Pod
  }

  @Test
  void aPodsTokenOutlivesItsNode() {
    objects.remove("nodes/n");

    assertThat(verdict()).isInstanceOf(Verdict.Of.class);
  }

  @Test
  void anotherPodOfThatNameIsNotThePod() {
    put("pods", "p", "9", null);

    assertRefused("pod UID (9) does not match service account pod ref claim (2)");
  }

  @Test
  void anAccountThatWasMadeAgainIsNotTheAccount() {
    put("serviceaccounts", "app", "9", null);
    assertRefused("service account UID (9) does not match claim (1)");

    put("serviceaccounts", "app", "1", world.now().minus(Duration.ofMinutes(2)));
    assertRefused("service account ns/app has been deleted");
  }

  @Test
  void aTokenEnds() {
    world.advance(Duration.ofSeconds(3599));
    assertThat(verdict()).isInstanceOf(Verdict.Of.class);

    world.advance(Duration.ofSeconds(1));

    assertRefused("service account token has expired");
  }

  @Test
  void aTokenOfAnotherKeyIsNone() {
    TokenSigner stranger = new TokenSigner(KeyType.EC.generate());
    Struct claims = Struct.of("iss", ISSUER, "aud", List.of(ISSUER));

    assertThat(tokens.examine(stranger.sign(Json.bytes(claims)), List.of(ISSUER)))
        .isEqualTo(new Verdict.Refused("invalid signature"));
    Struct foreign = Struct.of("iss", "https://other");
    assertThat(tokens.examine(stranger.sign(Json.bytes(foreign)), List.of(ISSUER)))
        .isEqualTo(Verdict.UNKNOWN);
  }
}
