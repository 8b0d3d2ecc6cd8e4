package dev.tiphys.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A machine on the link of a node finds the addresses of load balancers.
@Tag("node")
class AnnouncerOnNodeTest {
  private static final String NODE =
      """
      metadata: {name: node-1}
      status: {conditions: [{type: Ready, status: '%s'}]}
      """;

  private PodHost node;
  private LiveApi api;
  private Announcer announcer;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, NODE.formatted("True"));
    announcer =
        new Announcer(
            api.world(), api.api(), node.settings(), AddressPool.of(List.of("192.0.2.64/28")));
    announcer.start();
  }

  @AfterEach
  void stop() throws Exception {
    announcer.close();
    api.close();
    node.close();
  }

  private void service(String type, String ingress) {
    api.apply(
        ApiResource.SERVICES,
        """
        metadata: {name: web}
        spec: {type: %s, ports: [{port: 80, targetPort: 8080}]}
        status: {loadBalancer: {%s}}
        """
            .formatted(type, ingress));
  }

  private boolean hasAddress() {
    return node.host().run("ip", "address", "show", "dev", "eth0").contains("192.0.2.66/32");
  }

  @Test
  void anAddressOfThePoolIsAnsweredForAndLeadsToTheService() throws Exception {
    node.addServer(2, 8080);
    try (Proxy proxy = new Proxy(api.world(), api.api(), node.settings())) {
      proxy.start();
      service("LoadBalancer", "ingress: [{ip: 192.0.2.66, ipMode: VIP}]");
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
      api.eventually(() -> proxy.served() >= revision && hasAddress());

      assertThat(node.outside().ask(Protocol.TCP, "192.0.2.66", 80)).startsWith("pod-2 ");
    }
  }

  @Test
  void theOldPlaceOfAnAddressIsForgottenAtOnce() throws Exception {
    node.outside()
        .run(
            "ip",
            "neigh",
            "add",
            "192.0.2.66",
            "lladdr",
            "02:00:00:00:00:09",
            "dev",
            "eth0",
            "nud",
            "stale");
    try (Answers _ = node.host().serve("node", 9000)) {
      service("LoadBalancer", "ingress: [{ip: 192.0.2.66, ipMode: VIP}]");

      api.eventually(
          () ->
              !node.outside()
                  .run("ip", "neigh", "show", "192.0.2.66")
                  .contains("02:00:00:00:00:09"));

      assertThat(node.outside().ask(Protocol.TCP, "192.0.2.66", 9000)).startsWith("node ");
    }
  }

  @Test
  void anAddressGoesWithItsServiceAndWithTheNodesReadiness() throws Exception {
    service("LoadBalancer", "ingress: [{ip: 192.0.2.66, ipMode: VIP}]");
    api.eventually(this::hasAddress);

    api.apply(ApiResource.NODES, NODE.formatted("False"));
    api.eventually(() -> !hasAddress());
    api.apply(ApiResource.NODES, NODE.formatted("True"));
    api.eventually(this::hasAddress);
    service("ClusterIP", "");
    api.eventually(() -> !hasAddress());
  }
}
