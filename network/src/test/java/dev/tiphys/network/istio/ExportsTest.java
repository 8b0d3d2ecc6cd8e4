package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.world.TestPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `exportTo`: from which namespaces an object is seen, at Gateways and between Pods. What the edge
/// sees is what the namespace of the Gateway sees.
class ExportsTest {

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    cluster.live().apply(ApiResource.NAMESPACES, "metadata: {name: edge}");
    cluster.service("shop");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /// A Gateway of namespace `edge`.
  private int gateway() {
    int port = TestPorts.free();
    cluster
        .live()
        .apply(
            IstioResources.GATEWAYS,
            """
            metadata: {name: gate, namespace: edge}
            spec: {servers: [{hosts: ['*'], port: {number: %d, name: a, protocol: HTTP}}]}
            """
                .formatted(port));
    return port;
  }

  private String ask(int port, String host) throws Exception {
    String answer = cluster.ask(cluster.at(port), "GET", host, "/");
    return answer.startsWith("404") ? "404" : answer; // without the page
  }

  @ParameterizedTest
  @CsvSource({"*, 200 shop /", "., 404", "edge, 200 shop /", "default, 404", "other, 404"})
  void aGatewayServesWhatItsNamespaceSees(String to, String expected) throws Exception {
    int port = gateway();
    cluster.virtualService(
        "always",
        "hosts: [always.org]\ngateways: [edge/gate]\nhttp: [{route: [{destination: {host: shop}}]}]");
    cluster.virtualService(
        "shop",
        """
        hosts: [shop.org]
        gateways: [edge/gate]
        exportTo: ['%s']
        http: [{route: [{destination: {host: shop}}]}]
        """
            .formatted(to));
    cluster.becomes("200 shop /", () -> ask(port, "always.org"));
    cluster.becomes(expected, () -> ask(port, "shop.org"));
  }

  @ParameterizedTest
  @CsvSource({
    "*, 503 no healthy upstream",
    "., 200 shop /",
    "edge, 503 no healthy upstream",
    "default, 200 shop /"
  })
  void aGatewayKeepsTheRulesThatItsNamespaceSees(String to, String expected) throws Exception {
    int port = gateway();
    cluster.virtualService(
        "shop",
        "hosts: [shop.org]\ngateways: [edge/gate]\nhttp: [{route: [{destination: {host: shop}}]}]");
    cluster.destinationRule(
        "shop", "host: shop\nexportTo: ['%s']\ntrafficPolicy: {tls: {mode: MUTUAL}}".formatted(to));
    cluster.becomes(expected, () -> ask(port, "shop.org"));
  }

  private void entry(String to, int endpoint) {
    cluster
        .live()
        .apply(
            IstioResources.SERVICE_ENTRIES,
            """
            metadata: {name: outside}
            spec:
              hosts: [outside.org]
              exportTo: ['%s']
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: %d}]
              resolution: STATIC
              endpoints: [{address: 127.0.0.1}]
            """
                .formatted(to, endpoint));
  }

  @ParameterizedTest
  @CsvSource({"*, 200 shop /", "., 503 no healthy upstream", "edge, 200 shop /"})
  void aGatewayKnowsTheServiceEntriesThatItsNamespaceSees(String to, String expected)
      throws Exception {
    int port = gateway();
    entry(to, cluster.portOf("shop"));
    cluster.virtualService(
        "outside",
        """
        hosts: [away.org]
        gateways: [edge/gate]
        http: [{route: [{destination: {host: outside.org}}]}]
        """);
    cluster.becomes(expected, () -> ask(port, "away.org"));
  }

  @Test
  void callersKnowTheServiceEntriesThatTheirNamespaceSees() throws Exception {
    cluster.service("other");
    entry("edge", cluster.portOf("other"));
    cluster.caller("default", "{app: caller}");
    cluster.virtualService(
        "shop", "hosts: [shop]\nhttp: [{route: [{destination: {host: outside.org}}]}]");
    cluster.becomes("503 no healthy upstream", () -> cluster.call("shop", "shop", "/"));
    entry("*", cluster.portOf("other"));
    cluster.becomes("200 other /", () -> cluster.call("shop", "shop", "/"));
    entry(".", cluster.portOf("other"));
    cluster.becomes("200 other /", () -> cluster.call("shop", "shop", "/"));
  }

  /// Of two VirtualServices for a host each caller gets the oldest one that it sees.
  @Test
  void callersThatDoNotSeeTheOldestGetTheNext() throws Exception {
    cluster.service("other");
    cluster.caller("default", "{app: caller}");
    String spec = "hosts: [shop]\nexportTo: ['%s']\nhttp: [{directResponse: {status: %d}}]";
    cluster.virtualService("a-first", spec.formatted("edge", 201));
    cluster.virtualService("b-second", spec.formatted("*", 202));
    cluster.becomes("202", () -> cluster.call("shop", "shop", "/"));
    cluster.virtualService("a-first", spec.formatted(".", 201));
    cluster.becomes("201", () -> cluster.call("shop", "shop", "/"));
    assertThat(cluster.problem(IstioResources.VIRTUAL_SERVICES, "b-second")).isEmpty();
  }

  /// A caller that the VirtualService is not exported to gets the Service as if there were none.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exportTo: ['*'] | other",
        "exportTo: ['.'] | other",
        "exportTo: [default] | other",
        "exportTo: [elsewhere] | shop",
        "exportTo: [elsewhere, .] | other"
      })
  void exportsSayForWhichCallersAVirtualServiceIs(String exports, String expected)
      throws Exception {
    cluster.service("other");
    Struct caller =
        cluster
            .live()
            .apply(
                ApiResource.PODS,
                """
                metadata: {name: caller}
                spec: {containers: [{name: app, image: app}]}
                status: {podIPs: [{ip: 127.0.0.1}]}
                """);
    assertThat(caller.string("metadata", "namespace")).isEqualTo("default");
    cluster.virtualService(
        "shop", "hosts: [shop]\nhttp:\n- route: [{destination: {host: other}}]\n" + exports);
    cluster.live().eventually(() -> !cluster.redirected().isEmpty());

    cluster
        .live()
        .eventually(() -> cluster.call("shop", "shop", "/").equals("200 " + expected + " /"));
  }

  @Test
  void aRuleThatIsNotExportedCountsInItsOwnNamespaceAlone() throws Exception {
    cluster.service("shop", "shop-1", "{version: one}");
    cluster.destinationRule(
        "shop", "host: shop\nexportTo: ['.']\nsubsets: [{name: one, labels: {version: one}}]");
    cluster.live().apply(ApiResource.NAMESPACES, "metadata: {name: elsewhere}");
    cluster
        .live()
        .apply(
            IstioResources.VIRTUAL_SERVICES,
            """
            metadata: {name: away, namespace: elsewhere}
            spec:
              hosts: [away.example.com]
              http: [{route: [{destination: {host: shop.default.svc.cluster.local, subset: one}}]}]
            """);
    cluster.virtualService(
        "here",
        "hosts: [here.example.com]\nhttp: [{route: [{destination: {host: shop, subset: one}}]}]");

    cluster.comes("200 shop-1 /", "here.example.com", "/");
    cluster.comes("503 no healthy upstream", "away.example.com", "/");
    cluster.destinationRule(
        "shop",
        "host: shop\nexportTo: ['.', elsewhere]\nsubsets: [{name: one, labels: {version: one}}]");
    cluster.comes("200 shop-1 /", "away.example.com", "/");
  }
}
