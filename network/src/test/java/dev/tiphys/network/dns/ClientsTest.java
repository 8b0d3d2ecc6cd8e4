package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may ask.
class ClientsTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final Clients clients =
      new Clients(world, api, List.of(InetAddress.ofLiteral("198.51.100.1")));

  @BeforeEach
  void start() {
    Struct node =
        api.create(
            ApiResource.NODES,
            Yaml.struct("{apiVersion: v1, kind: Node, metadata: {name: other}}"));
    Struct status = Yaml.struct("addresses: [{type: InternalIP, address: 198.51.100.2}]");
    api.update(ApiResource.NODES, node.with("status", status), "status");
    clients.start();
    world.settle();
  }

  @AfterEach
  void stop() {
    clients.close();
    world.settle();
    server.close();
  }

  private boolean admitted(String address) {
    return clients.admits(InetAddress.ofLiteral(address));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.0.7, true",
    "172.31.0.1, true",
    "172.32.0.1, false",
    "192.168.1.1, true",
    "100.64.0.9, true",
    "127.0.0.1, true",
    "198.51.100.1, true",
    "198.51.100.2, true",
    "198.51.100.3, false",
    "fd00::7, true",
    "fe80::1, true",
    "2001:db8::1, false",
  })
  void anAddressMayAsk(String address, boolean may) {
    assertThat(admitted(address)).isEqualTo(may);
  }

  @Test
  void aNodeThatIsGoneMayNotAskAnyMore() {
    api.delete(ApiResource.NODES, "", "other", DeleteOptions.DEFAULT);
    world.settle();

    assertThat(admitted("198.51.100.2")).isFalse();
  }
}
