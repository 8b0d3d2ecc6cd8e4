package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Api;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls of Pods on a node that has joined, with the rights that the parts of its network have.
class JoinedNodeTest {

  private static final String GROUP = "system:tiphys:node-network";

  private IstioCluster cluster;
  private IstioCluster.Node node;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    cluster.service("shop");
    cluster.service("other");
    Api api = cluster.live().withRightsOfGroup(GROUP + ":two", GROUP, "tiphys-mesh");
    node = cluster.join(api);
  }

  @AfterEach
  void stop() {
    node.close();
    cluster.close();
  }

  private String call(String target) throws Exception {
    return cluster.ask(cluster.governed(node.redirected(), "shop", 80), "GET", "shop", target);
  }

  @Test
  void followTheSameRoutes() throws Exception {
    cluster.virtualService(
        "shop",
        """
        hosts: [shop]
        http:
        - match: [{uri: {prefix: /other}}]
          route: [{destination: {host: other}}]
        - route: [{destination: {host: shop}}]
        """);
    cluster.becomes("200 other /other", () -> call("/other"));
    assertThat(call("/")).isEqualTo("200 shop /");
    cluster.live().delete(IstioResources.VIRTUAL_SERVICES, "shop");
    cluster.live().eventually(() -> node.redirected().isEmpty());
  }

  /// The node may not read Secrets; what needs one is refused, not sent without TLS.
  @Test
  void areNotSentWithoutACertificateThatTheyNeed() throws Exception {
    cluster.destinationRule(
        "shop", "host: shop\ntrafficPolicy: {tls: {mode: MUTUAL, credentialName: any}}");
    cluster.becomes("503 no healthy upstream", () -> call("/"));
  }
}
