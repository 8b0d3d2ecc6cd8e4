package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
  private final VirtualWorld world = new VirtualWorld(1);
  private final List<Struct> requests = new ArrayList<>();
  private final Pod pod =
      new Pod(
          Yaml.struct(
              "metadata: {name: p, namespace: n, uid: u}\nspec: {serviceAccountName: default}"));

  /// An issuer, of whose API only one method is ever called.
  private Api issuer(boolean works) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, args) -> {
              assertThat(method.getName()).isEqualTo("createSubresource");
              if (!works) {
                throw ApiException.of(Reason.NOT_FOUND, "serviceaccounts \"default\" not found");
              }
              Struct request = (Struct) args[4];
              requests.add(request);
              long life = request.integer("spec", "expirationSeconds");
              return request.with(
                  "status",
                  Struct.of(
                      "token",
                      "token-" + requests.size(),
                      "expirationTimestamp",
                      Timestamps.seconds(world.now().plusSeconds(life))));
            });
  }

  @Test
  void aTokenIsKeptForMostOfItsLife() throws Exception {
    ServiceAccountTokens tokens = new ServiceAccountTokens(world, issuer(true));
    Struct source = Struct.of("expirationSeconds", 1000L, "audience", "vault");

    assertThat(tokens.of(source, pod)).isEqualTo("token-1");
    world.advance(Duration.ofSeconds(799));
    assertThat(tokens.of(source, pod)).isEqualTo("token-1");
    world.advance(Duration.ofSeconds(2));
    assertThat(tokens.of(source, pod)).isEqualTo("token-2");
    assertThat(requests.getFirst().struct("spec"))
        .isEqualTo(
            Yaml.struct(
                """
                expirationSeconds: 1000
                audiences: [vault]
                boundObjectRef: {kind: Pod, apiVersion: v1, name: p, uid: u}
                """));
  }

  @Test
  void withoutIssuerThereIsNoVolume() {
    ServiceAccountTokens tokens = new ServiceAccountTokens(world, issuer(false));

    assertThatThrownBy(() -> tokens.of(Struct.EMPTY, pod))
        .isInstanceOf(VolumeFailure.class)
        .hasMessage("failed to fetch token: serviceaccounts \"default\" not found");
  }
}
