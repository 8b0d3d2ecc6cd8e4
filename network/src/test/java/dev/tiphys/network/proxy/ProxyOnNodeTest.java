package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Connections to Services, with packets.
@Tag("node")
class ProxyOnNodeTest {
  private static final String NODE = "192.0.2.1";
  private static final String OUTSIDE = "192.0.2.200";

  private PodHost node;
  private LiveApi api;
  private Proxy proxy;
  private Host client;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    client = node.addPod(9);
    proxy = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    node.close();
  }

  private String service(String spec) {
    Struct made =
        api.apply(
            ApiResource.SERVICES,
            """
            metadata: {name: web}
            spec: {ports: [{port: 80, targetPort: 8080, protocol: TCP}], %s}
            """
                .formatted(spec));
    return made.struct("spec").string("clusterIP");
  }

  /// A slice with endpoints, each as `NUMBER` of a Pod of this node or `NUMBER: conditions`.
  private void slice(String... endpoints) throws Exception {
    StringBuilder yaml =
        new StringBuilder(
            """
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: '', port: 8080, protocol: TCP}]
            endpoints:
            """);
    for (String endpoint : endpoints) {
      yaml.append("- ").append(endpoint).append('\n');
    }
    Struct made =
        api.apply(
            ApiResource.ENDPOINT_SLICES, endpoints.length == 0 ? yaml + "  []\n" : yaml.toString());
    long revision = Long.parseLong(made.struct("metadata").string("resourceVersion"));
    api.eventually(() -> proxy.served() >= revision);
  }

  private String ready(int pod) {
    return "{addresses: ['%s'], nodeName: node-1, conditions: {ready: true}}"
        .formatted(node.podAddress(pod));
  }

  private Set<String> answersOf(Host caller, String address, int port) throws Exception {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      answers.add(caller.ask(Protocol.TCP, address, port).replaceAll(" .*", ""));
    }
    return answers;
  }

  @Test
  void aPodReachesAllEndpointsUnderItsOwnAddress() throws Exception {
    node.addServer(2, 8080);
    node.addServer(3, 8080);
    String address = service("type: ClusterIP");
    slice(ready(2), ready(3));

    assertThat(answersOf(client, address, 80)).containsExactlyInAnyOrder("pod-2", "pod-3");
    assertThat(client.ask(Protocol.TCP, address, 80)).endsWith(" " + node.podAddress(9));
    assertThat(node.host().ask(Protocol.TCP, address, 80)).startsWith("pod-");
  }

  @Test
  void withoutEndpointsAndOnOtherPortsConnectionsAreRefusedAtOnce() throws Exception {
    node.addServer(2, 8080);
    String address = service("type: NodePort");
    slice();

    assertThat(client.ask(Protocol.TCP, address, 80)).isEqualTo(Answers.REFUSED);
    slice(ready(2));
    assertThat(client.ask(Protocol.TCP, address, 80)).startsWith("pod-2");
    assertThat(client.ask(Protocol.TCP, address, 81)).isEqualTo(Answers.REFUSED);
    assertThat(client.ask(Protocol.TCP, "10.96.77.77", 80)).isEqualTo(Answers.SILENT);
  }

  @Test
  void aPodReachesItselfByItsService() throws Exception {
    Host self = node.addServer(2, 8080);
    String address = service("type: ClusterIP");
    slice(ready(2));

    assertThat(self.ask(Protocol.TCP, address, 80))
        .startsWith("pod-2 ")
        .doesNotEndWith(" " + node.podAddress(2));
  }

  @Test
  void aNodePortAnswersOutsideAndInside() throws Exception {
    node.addServer(2, 8080);
    service("type: NodePort");
    int port = nodePort();
    slice(ready(2));

    assertThat(node.outside().ask(Protocol.TCP, NODE, port))
        .startsWith("pod-2 ")
        .doesNotEndWith(" " + OUTSIDE);
    assertThat(client.ask(Protocol.TCP, NODE, port)).startsWith("pod-2 ");
    assertThat(node.host().ask(Protocol.TCP, NODE, port)).startsWith("pod-2 ");
  }

  private int nodePort() {
    Struct service = api.api().get(ApiResource.SERVICES, "default", "web");
    return (int) service.struct("spec").structs("ports").getFirst().integer("nodePort");
  }

  @Test
  void withPolicyLocalCallersFromOutsideKeepTheirAddress() throws Exception {
    node.addServer(2, 8080);
    service("type: NodePort, externalTrafficPolicy: Local");
    int port = nodePort();
    slice(ready(2));

    assertThat(node.outside().ask(Protocol.TCP, NODE, port)).isEqualTo("pod-2 " + OUTSIDE);
    slice(ready(2).replace("node-1", "node-2"));
    assertThat(node.outside().ask(Protocol.TCP, NODE, port)).isEqualTo(Answers.SILENT);
    assertThat(client.ask(Protocol.TCP, NODE, port)).startsWith("pod-2 ");
    assertThat(node.host().ask(Protocol.TCP, NODE, port)).startsWith("pod-2 ");
  }

  @Test
  void aClientThatIsKnownStaysWithItsEndpointWhileThatIsReady() throws Exception {
    node.addServer(2, 8080);
    node.addServer(3, 8080);
    String address = service("sessionAffinity: ClientIP");
    slice(ready(2), ready(3));

    Set<String> first = answersOf(client, address, 80);
    assertThat(first).hasSize(1);
    int other = first.contains("pod-2") ? 3 : 2;
    slice(ready(other));
    assertThat(answersOf(client, address, 80)).containsExactly("pod-" + other);
    slice(ready(2), ready(3));
    assertThat(answersOf(client, address, 80)).containsExactly("pod-" + other);
  }

  private String hinted(int pod, String zone, String conditions) {
    return ("{addresses: ['%s'], nodeName: node-1, conditions: {%s}, zone: %s, hints: {forZones:"
            + " [{name: %s}]}}")
        .formatted(node.podAddress(pod), conditions, zone, zone);
  }

  @Test
  void aHintForThisZoneCountsWhileItsEndpointIsReady() throws Exception {
    node.addServer(2, 8080);
    node.addServer(3, 8080);
    api.apply(
        ApiResource.NODES, "metadata: {name: node-1, labels: {topology.kubernetes.io/zone: a}}");
    String address = service("trafficDistribution: PreferSameZone");

    slice(hinted(2, "a", "ready: true"), hinted(3, "b", "ready: true"));
    api.eventually(() -> answersOf(client, address, 80).equals(Set.of("pod-2")));

    slice(hinted(2, "a", "ready: false"), hinted(3, "b", "ready: true"));
    assertThat(answersOf(client, address, 80)).containsExactly("pod-3");
  }

  @Test
  void aBalancerHearsOfTheEndBeforeConnectionsAreDropped() throws Exception {
    node.addServer(2, 8080);
    service("type: LoadBalancer, externalTrafficPolicy: Local");
    int port = nodePort();
    int checked =
        (int)
            api.api()
                .get(ApiResource.SERVICES, "default", "web")
                .struct("spec")
                .integer("healthCheckNodePort");

    slice(ready(2));
    assertThat(health(checked)).isEqualTo(200);
    assertThat(node.outside().ask(Protocol.TCP, NODE, port)).isEqualTo("pod-2 " + OUTSIDE);

    slice(ready(2).replace("ready: true", "ready: false, serving: true, terminating: true"));
    assertThat(health(checked)).isEqualTo(503);
    assertThat(node.outside().ask(Protocol.TCP, NODE, port)).isEqualTo("pod-2 " + OUTSIDE);

    slice(ready(3).replace("node-1", "node-2"));
    assertThat(health(checked)).isEqualTo(503);
    assertThat(node.outside().ask(Protocol.TCP, NODE, port)).isEqualTo(Answers.SILENT);
  }

  private static int health(int port) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void whatAnotherProgramRemovesComesBack() throws Exception {
    node.addServer(2, 8080);
    String address = service("type: ClusterIP");
    slice(ready(2));

    node.host().run("nft", "flush", "ruleset");
    node.addServer(3, 8080);
    slice(ready(2), ready(3));

    assertThat(client.ask(Protocol.TCP, address, 80)).startsWith("pod-");
  }

  @Test
  void aServiceLeavesNothingBehind() throws Exception {
    api.eventually(() -> node.host().run("nft", "list", "ruleset").contains("default/kubernetes"));
    String before = node.host().run("nft", "list", "ruleset");
    service("type: NodePort, externalTrafficPolicy: Local, sessionAffinity: ClientIP");
    slice(ready(2), ready(3));
    assertThat(node.host().run("nft", "list", "ruleset"))
        .contains("default/web")
        .doesNotContain("Error");

    api.delete(ApiResource.SERVICES, "web");

    api.eventually(() -> node.host().run("nft", "list", "ruleset").equals(before));
  }
}
