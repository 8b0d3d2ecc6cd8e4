package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Question;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.TestPorts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// VirtualServices of a real API server, asked for over sockets.
class VirtualServicesTest {

  private static final String HOST = "myapp.example.com";

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void blueAndGreen() throws Exception {
    cluster.service("myapp-blue-service");
    cluster.service("myapp-green-service");
    cluster
        .live()
        .api()
        .create(
            new ApiResource(
                GroupVersion.parse("networking.istio.io/v1beta1"),
                "virtualservices",
                "VirtualService",
                true),
            Yaml.struct(
                """
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata:
              name: myapp
              namespace: default
            spec:
              hosts:
              - myapp.example.com
              http:
              - match:
                - uri:
                    prefix: /
                route:
                - destination:
                    host: myapp-blue-service
                    port:
                      number: 80
                  weight: 100
                - destination:
                    host: myapp-green-service
                    port:
                      number: 80
                  weight: 0
            """));
    cluster.comes("200 myapp-blue-service /", HOST, "/");
  }

  private void weights(int blue, int green) throws Exception {
    Struct patched =
        cluster.patch(
            "myapp",
            """
            {"spec": {"http": [{"route": [
              {"destination": {"host": "myapp-blue-service"}, "weight": %d},
              {"destination": {"host": "myapp-green-service"}, "weight": %d}
            ]}]}}
            """
                .formatted(blue, green));
    Tables.awaitServed(
        cluster.live(), cluster.edge(), cluster.port(), VirtualServices.FEEDER, patched);
  }

  /// The four splits of the gradual migration lie within five standard deviations.
  @Test
  void weightsMoveByPatchesAndRequestsFollow() throws Exception {
    blueAndGreen();
    int requests = 1000;
    for (int green : List.of(0, 10, 50, 100)) {
      weights(100 - green, green);
      int got = 0;
      for (int i = 0; i < requests; i++) {
        got += cluster.get(HOST, "/").equals("200 myapp-green-service /") ? 1 : 0;
      }
      double expected = requests * green / 100.0;
      double most = 5 * Math.sqrt(expected * (100 - green) / 100);
      assertThat((double) got).isBetween(expected - most, expected + most);
    }
  }

  @Test
  void aMakerOfAnOlderVersionIsReadInTheNewOneWithColumns() throws Exception {
    blueAndGreen();
    Struct read = cluster.live().api().get(IstioResources.VIRTUAL_SERVICES, "default", "myapp");
    assertThat(read.string("apiVersion")).isEqualTo("networking.istio.io/v1");
    assertThat(read.structs("spec", "http").getFirst().structs("route")).hasSize(2);
  }

  @Test
  void aLoneDestinationGetsAllAndOneWithoutWeightBesideOthersNone() throws Exception {
    cluster.service("one");
    cluster.service("other");
    cluster.virtualService(
        "lone",
        """
        hosts: [lone.example.com]
        http: [{route: [{destination: {host: one}, weight: 0}]}]
        """);
    cluster.comes("200 one /", "lone.example.com", "/");
    cluster.virtualService(
        "absent",
        """
        hosts: [absent.example.com]
        http: [{route: [{destination: {host: one}, weight: 100}, {destination: {host: other}}]}]
        """);
    cluster.comes("200 one /", "absent.example.com", "/");
    for (int i = 0; i < 100; i++) {
      assertThat(cluster.get("absent.example.com", "/")).isEqualTo("200 one /");
    }
    cluster.virtualService(
        "thirds",
        """
        hosts: [thirds.example.com]
        http:
        - route:
          - {destination: {host: one}, weight: 2}
          - {destination: {host: other}, weight: 1}
        """);
    cluster.live().eventually(() -> cluster.get("thirds.example.com", "/").startsWith("200"));
    int got = 0;
    for (int i = 0; i < 900; i++) {
      got += cluster.get("thirds.example.com", "/").startsWith("200 one") ? 1 : 0;
    }
    assertThat(got).isBetween(530, 670);
  }

  @Test
  void anUnknownHostIsSaidInAConditionAndAnswered503() throws Exception {
    cluster.virtualService(
        "unknown", "hosts: [a.example.com]\nhttp: [{route: [{destination: {host: nowhere}}]}]");
    cluster.comes("503 no healthy upstream", "a.example.com", "/");
    cluster
        .live()
        .eventually(
            () ->
                cluster.condition("unknown").string("message").equals("host nowhere is not known"));
    cluster.service("nowhere");
    cluster.comes("200 nowhere /", "a.example.com", "/");
  }

  @Test
  void onlyGovernedServicesAreRedirectedAndOnlyForTheirNames() throws Exception {
    cluster.service("governed");
    cluster.service("free");
    cluster.virtualService(
        "governed",
        "hosts: [governed]\nhttp: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: free}}]}]");
    cluster.becomes("200 free /a", () -> cluster.call("governed", "governed", "/a"));
    assertThat(cluster.redirected()).hasSize(1);
    assertThat(cluster.call("governed", "governed", "/b")).isEqualTo("404");
    assertThat(cluster.call("governed", "other.example.com", "/b")).isEqualTo("200 governed /b");
    cluster.live().delete(IstioResources.VIRTUAL_SERVICES, "governed");
    cluster.live().eventually(() -> cluster.redirected().isEmpty());
  }

  @Test
  void oneWithGatewaysIsServedThereAndNotBetweenPods() throws Exception {
    cluster.service("one");
    int port = TestPorts.free();
    cluster
        .live()
        .apply(
            IstioResources.GATEWAYS,
            """
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - {port: {number: %d, name: http, protocol: HTTP}, hosts: ['*.example.com']}
        """
                .formatted(port));
    cluster.virtualService(
        "one",
        """
        hosts: [one, a.example.com, b.elsewhere.com]
        gateways: [front]
        http: [{route: [{destination: {host: one}}]}]
        """);
    var at = cluster.at(port);
    cluster
        .live()
        .eventually(
            () ->
                Question.refusedOr(() -> cluster.ask(at, "GET", "a.example.com", "/"))
                    .equals("200 one /"));
    assertThat(cluster.ask(at, "GET", "b.elsewhere.com", "/")).startsWith("404");
    assertThat(cluster.redirected()).isEmpty();
  }

  @Test
  void aRouteMayBeLeftToAnotherVirtualService() throws Exception {
    cluster.service("one");
    cluster.service("other");
    cluster.virtualService(
        "inner",
        """
        http:
        - {match: [{uri: {prefix: /shop/cart}}], route: [{destination: {host: one}}]}
        - {match: [{uri: {prefix: /elsewhere}}], route: [{destination: {host: one}}]}
        - {route: [{destination: {host: other}}]}
        """);
    cluster.virtualService(
        "outer",
        """
        hosts: [a.example.com]
        http: [{match: [{uri: {prefix: /shop}}], delegate: {name: inner}}]
        """);
    cluster.comes("200 one /shop/cart/1", "a.example.com", "/shop/cart/1");
    assertThat(cluster.get("a.example.com", "/shop/x")).isEqualTo("200 other /shop/x");
    assertThat(cluster.get("a.example.com", "/elsewhere")).isEqualTo("404");
  }

  @Test
  void whileIstiodIsInstalledNothingIsServed() throws Exception {
    blueAndGreen();
    cluster
        .live()
        .apply(
            ApiResource.SERVICES,
            "{metadata: {name: istiod, labels: {app: istiod}}, spec: {ports: [{port: 15012}]}}");
    cluster.live().eventually(() -> cluster.edge().addresses().isEmpty());
    assertThat(cluster.virtualServices().yields()).isTrue();
    cluster.live().delete(ApiResource.SERVICES, "istiod");
    cluster.comes("200 myapp-blue-service /", HOST, "/");
  }

  /// Changes of one VirtualService leave what was made of the others as it is, and are seen.
  @Test
  void aChangeOfOneOfManyIsServedAndTheOthersStay() throws Exception {
    cluster.service("one");
    cluster.service("two");
    for (int i = 0; i < 20; i++) {
      cluster.virtualService(
          "app-" + i,
          "hosts: [app-%d.example.com]\nhttp: [{route: [{destination: {host: one}}]}]"
              .formatted(i));
    }
    cluster.comes("200 one /", "app-19.example.com", "/");

    cluster.patch(
        "app-7", "{\"spec\": {\"http\": [{\"route\": [{\"destination\": {\"host\": \"two\"}}]}]}}");
    cluster.comes("200 two /", "app-7.example.com", "/");
    assertThat(cluster.get("app-8.example.com", "/")).isEqualTo("200 one /");

    cluster.patch("app-7", "{\"spec\": {\"hosts\": [\"moved.example.com\"]}}");
    cluster.comes("200 two /", "moved.example.com", "/");
    assertThat(cluster.get("app-7.example.com", "/")).startsWith("404");

    cluster.destinationRule("one", "host: one\nsubsets: [{name: v, labels: {app: one}}]");
    cluster.patch(
        "app-9",
        "{\"spec\": {\"http\": [{\"route\": [{\"destination\": {\"host\": \"one\", \"subset\":"
            + " \"v\"}}]}]}}");
    cluster.live().eventually(() -> cluster.get("app-9.example.com", "/").equals("200 one /"));
    for (int i = 10; i < 20; i++) {
      assertThat(cluster.get("app-%d.example.com".formatted(i), "/")).isEqualTo("200 one /");
    }
  }

  @Test
  void fieldsThatAreNotKnownAreDroppedAndThoseOfStatusKept() {
    Struct written =
        cluster.virtualService(
            "odd", "hosts: [a]\nodd: true\nhttp: [{route: [{destination: {host: a}, weight: 1}]}]");
    assertThat(written.struct("spec").has("odd")).isFalse();
    Struct updated =
        cluster
            .live()
            .api()
            .update(
                IstioResources.VIRTUAL_SERVICES,
                written.with("status", Struct.of("odd", "kept")),
                "status");
    assertThat(updated.string("status", "odd")).isEqualTo("kept");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TO, timeout: 1us | must be a valid duration greater than 1ms",
        "redirect: {uri: /, derivePort: NO} | supported values: \"FROM_PROTOCOL_DEFAULT\", \"FROM_REQUEST_PORT\"",
        "TO, fault: {abort: {httpStatus: 500, grpcStatus: UNAVAILABLE}} | fault.abort",
        "TO, match: [{uri: {exact: a, prefix: b}}] | match[0].uri",
        "route: [{destination: {}}] | destination.host: Required value",
        "directResponse: {} | directResponse.status: Required value",
        "TO, corsPolicy: {unmatchedPreflights: MAYBE} | unmatchedPreflights: Unsupported value"
      })
  void theSchemaRefusesWhatUpstreamsDoes(String route, String expected) {
    assertThat(
            catchThrowable(
                () ->
                    cluster.virtualService(
                        "bad",
                        "hosts: [a]\nhttp: [{%s}]"
                            .formatted(route.replace("TO", "route: [{destination: {host: a}}]")))))
        .hasMessageContaining(expected);
  }
}
