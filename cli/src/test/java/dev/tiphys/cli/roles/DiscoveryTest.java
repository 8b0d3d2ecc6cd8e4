package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.bootstrap.ClusterInfo;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Pem;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A node that joins with what a person can type.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryTest {

  private static final String TOKEN = "abcdef.0123456789abcdef";

  private final World world = new RealWorld();
  private final Authority authority = Authority.found(world, "test");
  private final String hash = Discovery.hash(authority.certificate());
  private final ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world);
  private final ControllerManager controllers =
      new ControllerManager(
          world, name -> server.controllerApi(name, "it"), ControllerSettings.DEFAULT);

  @BeforeAll
  void start() {
    server
        .defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"))
        .with(new ClusterInfo("https://10.0.0.1:6443", Pem.of(List.of(authority.certificate()))))
        .ensure();
    controllers.start();
    server
        .api("tester")
        .create(
            ApiResource.SECRETS,
            Yaml.struct(
                """
                metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
                type: bootstrap.kubernetes.io/token
                stringData: {token-id: abcdef, token-secret: 0123456789abcdef,
                  usage-bootstrap-signing: 'true'}
                """));
  }

  @AfterAll
  void stop() {
    controllers.close();
    server.close();
  }

  /// As it is seen without any rights.
  private Api anonymous(Kubeconfig.Access access) {
    assertThat(access.more().skipVerify()).isEqualTo(access.authority().isEmpty());
    return server.api(UserInfo.ANONYMOUS, "it", "it");
  }

  @Test
  void aTokenAndAHashAreEnough() throws Exception {
    Kubeconfig.Access access =
        new Discovery(world, this::anonymous, TOKEN, hash).find("10.0.0.1:6443");

    assertThat(access.server()).isEqualTo("https://10.0.0.1:6443");
    assertThat(Pem.certificates(access.authority())).containsExactly(authority.certificate());
    assertThat(access.token()).isEqualTo(TOKEN);
  }

  @Test
  void anotherAuthorityOrTokenIsNotBelieved() throws Exception {
    new Discovery(world, this::anonymous, TOKEN, hash).find("10.0.0.1:6443"); // it is signed

    assertThatThrownBy(
            () ->
                new Discovery(world, this::anonymous, TOKEN, "sha256:" + "0".repeat(64))
                    .find("10.0.0.1:6443"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("the cluster's authority is not the one of this hash");
    assertThatThrownBy(
            () ->
                new Discovery(world, this::anonymous, "abcdef.aaaaaaaaaaaaaaaa", hash)
                    .find("10.0.0.1:6443"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("knows another token of this id");
  }

  @ParameterizedTest
  @CsvSource({"abc.def,sha256:00", "abcdef.0123456789abcdef,0000", "abcdef.0123456789ABCDEF,x"})
  void whatCannotBeThatIsRefused(String token, String shown) {
    assertThatThrownBy(() -> new Discovery(world, this::anonymous, token, shown))
        .isInstanceOf(CliException.class);
  }
}
