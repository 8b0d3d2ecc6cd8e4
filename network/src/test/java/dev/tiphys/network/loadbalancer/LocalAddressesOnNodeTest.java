package dev.tiphys.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Addresses that only a node and its Pods reach.
@Tag("node")
class LocalAddressesOnNodeTest {

  private PodHost node;
  private LiveApi api;
  private LocalAddresses addresses;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    addresses =
        new LocalAddresses(
            api.world(),
            api.api(),
            node.settings(),
            LocalAddresses.Shared.of("169.254.20.64/27").pool());
    addresses.start();
    addresses.awaitSynced();
  }

  @AfterEach
  void stop() throws Exception {
    addresses.close();
    assertThat(node.host().run("ip", "address")).doesNotContain("169.254.20.");
    api.close();
    node.close();
  }

  @Test
  void whatListensThereIsReachedBesideAServiceWithTheSamePort() throws Exception {
    node.addServer(2, 8080);
    addresses.add(InetAddress.ofLiteral("169.254.20.64"));
    try (Proxy proxy = new Proxy(api.world(), api.api(), node.settings());
        Answers _ = node.host().serve("edge", 80)) {
      proxy.start();
      api.apply(
          ApiResource.SERVICES,
          """
          metadata: {name: web}
          spec: {type: LoadBalancer, ports: [{port: 80, targetPort: 8080}]}
          status: {loadBalancer: {ingress: [{ip: 169.254.20.65, ipMode: VIP}]}}
          """);
      Struct slice =
          api.apply(
              ApiResource.ENDPOINT_SLICES,
              """
              metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
              addressType: IPv4
              ports: [{name: '', port: 8080, protocol: TCP}]
              endpoints: [{addresses: ['%s'], nodeName: node-1, conditions: {ready: true}}]
              """
                  .formatted(node.podAddress(2)));
      long revision = Long.parseLong(slice.struct("metadata").string("resourceVersion"));
      api.eventually(
          () ->
              proxy.served() >= revision
                  && node.host().run("ip", "address").contains("169.254.20.65/32"));

      assertThat(node.host().ask(Protocol.TCP, "169.254.20.65", 80)).startsWith("pod-2 ");
      assertThat(node.host().ask(Protocol.TCP, "169.254.20.64", 80)).startsWith("edge ");
      assertThat(addresses.isOfService(InetAddress.ofLiteral("169.254.20.65"), 80)).isTrue();
      assertThat(addresses.isOfService(InetAddress.ofLiteral("169.254.20.65"), 81)).isFalse();
      assertThat(addresses.isOfService(InetAddress.ofLiteral("169.254.20.64"), 80)).isFalse();
    }
    api.delete(ApiResource.SERVICES, "web");
    api.eventually(() -> !node.host().run("ip", "address").contains("169.254.20.65/32"));
  }
}
