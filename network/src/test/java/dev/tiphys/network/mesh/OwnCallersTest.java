package dev.tiphys.network.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.Namespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnCallersTest {

  private static final InetSocketAddress ENDPOINT = new InetSocketAddress("10.244.0.9", 80);

  private static final NetworkSettings NETWORK =
      new NetworkSettings(
          "a",
          List.of(InetAddress.ofLiteral("192.0.2.7")),
          List.of(Prefix.of("10.244.0.0/16")),
          "test",
          Namespace.OWN);

  @ParameterizedTest
  @CsvSource({
    "10.244.3.4, true", // a Pod
    "192.0.2.7, true", // the node
    "127.0.0.1, true",
    "192.0.2.8, false", // another machine
  })
  void onlyPodsAndTheNodeAreServed(String client, boolean served) {
    assertThat(covers(client, Mesh.Policies.NONE)).isEqualTo(served);
  }

  @ParameterizedTest
  @CsvSource({"10.244.3.4", "192.0.2.8"})
  void whatPoliciesForbidIsForbidden(String client) {
    Mesh.Policies none =
        new Mesh.Policies() {
          @Override
          public void letIn(Set<InetSocketAddress> ports) {}

          @Override
          public boolean covers(InetAddress address, InetSocketAddress endpoint) {
            return false;
          }
        };

    assertThat(covers(client, none)).isFalse();
  }

  private static boolean covers(String client, Mesh.Policies policies) {
    return new OwnCallers(NETWORK, policies).covers(InetAddress.ofLiteral(client), ENDPOINT);
  }
}
