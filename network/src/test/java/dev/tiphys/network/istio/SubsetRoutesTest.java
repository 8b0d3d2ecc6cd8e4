package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls that go to a subset of a Service's Pods.
class SubsetRoutesTest {

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void subsets() throws Exception {
    cluster.service("shop", "shop-1", "{app: shop, version: v1}");
    cluster.pod("shop", "shop-2", "{app: shop, version: v2}");
    cluster.destinationRule(
        "shop",
        """
        host: shop
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
        - {name: v3, labels: {version: v3}}
        """);
  }

  private static String toSubset(String subset) {
    return """
    hosts: [shop]
    http: [{route: [{destination: {host: shop, subset: %s}}]}]
    """
        .formatted(subset);
  }

  @Test
  void callsToAServiceGoToTheSubsetThatItsRouteNames() throws Exception {
    subsets();
    cluster.virtualService("shop", toSubset("v2"));
    cluster.becomes("200 shop-2 /", () -> cluster.call("shop", "shop", "/"));
    for (String host :
        List.of("shop", "shop.default", "shop.default.svc", "SHOP.default.svc.cluster.local:80")) {
      for (int i = 0; i < 10; i++) {
        assertThat(cluster.call("shop", host, "/")).isEqualTo("200 shop-2 /");
      }
    }
    cluster.virtualService("shop", toSubset("v1"));
    cluster.live().eventually(() -> cluster.call("shop", "shop", "/").equals("200 shop-1 /"));
    assertThat(cluster.edge().addresses()).as("it is for calls between pods").isEmpty();
  }

  @Test
  void aSubsetWithoutEndpointsIsHeldWithACondition() throws Exception {
    subsets();
    cluster.virtualService("shop", toSubset("v1"));
    cluster.becomes("200 shop-1 /", () -> cluster.call("shop", "shop", "/"));
    cluster.virtualService("shop", toSubset("v3"));
    cluster.live().eventually(() -> cluster.condition("shop").string("reason").equals("Held"));
    assertThat(cluster.condition("shop").string("status")).isEqualTo("False");
    assertThat(cluster.condition("shop").string("message"))
        .contains("subset v3 of host shop has no endpoint that is ready");
    assertThat(cluster.call("shop", "shop", "/")).isEqualTo("200 shop-1 /");
    cluster.restart();
    cluster.becomes("200 shop-1 /", () -> cluster.call("shop", "shop", "/"));
    cluster.pod("shop", "shop-3", "{app: shop, version: v3}");
    cluster.live().eventually(() -> cluster.call("shop", "shop", "/").equals("200 shop-3 /"));
    cluster.live().eventually(() -> cluster.condition("shop").string("reason").equals("Served"));
    assertThat(
            cluster
                .live()
                .api()
                .get(IstioResources.VIRTUAL_SERVICES, "default", "shop")
                .struct("status")
                .has("servedSpec"))
        .isFalse();
    cluster.virtualService("shop", toSubset("v9"));
    cluster
        .live()
        .eventually(
            () ->
                cluster
                    .condition("shop")
                    .string("message")
                    .contains("no DestinationRule has subset v9 of host shop"));
    assertThat(cluster.call("shop", "shop", "/")).isEqualTo("200 shop-3 /");
  }
}
