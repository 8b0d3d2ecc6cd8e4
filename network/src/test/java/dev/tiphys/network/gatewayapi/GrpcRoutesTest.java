package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.GRPC_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.TestPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls of gRPC by TLS to Gateways, which lead to Pods that speak it.
final class GrpcRoutesTest {

  private GatewayCluster cluster;
  private GrpcEcho first;
  private GrpcEcho second;
  private int port;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    first = new GrpcEcho("first");
    second = new GrpcEcho("second");
    port = TestPorts.free();
    cluster.service("default", "first", first.port(), "");
    cluster.service("default", "second", second.port(), "");
    cluster.certificate("default", "shown", "grpc.org");
    cluster.gateway(
        "gate",
        "[{name: grpc, port: %d, protocol: HTTPS, tls: {certificateRefs: [{name: shown}]}}]"
            .formatted(port));
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    cluster.close();
  }

  private GrpcCaller caller() throws Exception {
    cluster.becomes("True/Programmed", () -> cluster.gateway("gate", "grpc", "Programmed"));
    return new GrpcCaller(port, "grpc.org", cluster.authority().certificate());
  }

  private void route(String rules) throws Exception {
    cluster.route(
        GRPC_ROUTES,
        "calls",
        "parentRefs: [{name: gate}]\nhostnames: [grpc.org]\nrules:\n" + rules);
    cluster.becomes("True/Accepted", () -> cluster.parent(GRPC_ROUTES, "calls", "Accepted"));
  }

  @Test
  void callsGoByServiceMethodAndHeaders() throws Exception {
    route(
        """
        - matches: [{method: {service: a.B, method: One}}]
          backendRefs: [{name: first, port: 80}]
        - matches: [{method: {service: a.B, method: Two}}]
          backendRefs: [{name: second, port: 80}]
        - name: by-header
          matches: [{method: {service: a.B}, headers: [{name: version, value: two}]}]
          backendRefs: [{name: second, port: 80}]
        - matches: [{method: {service: a.B, method: Fail}}]
          backendRefs: [{name: first, port: 80}]
        - matches: [{method: {service: a.Gone}}]
          backendRefs: [{name: missing, port: 80}]
        """);
    try (GrpcCaller caller = caller()) {
      cluster.becomes("first hello 0", () -> caller.call("/a.B/One"));
      assertThat(caller.call("/a.B/Two")).isEqualTo("second hello 0");
      assertThat(caller.call("/a.B/Three", "version=two")).isEqualTo("second hello 0");
      assertThat(caller.call("/a.B/Three")).as("no rule is for it").startsWith("http");
      assertThat(caller.call("/a.B/Fail")).as("how a call failed is kept").isEqualTo("first 5");
      assertThat(caller.call("/a.Gone/One")).startsWith("http");
    }
  }

  @Test
  void messagesOfAStreamComeBackBeforeItEnds() throws Exception {
    route("- backendRefs: [{name: first, port: 80}]\n");
    try (GrpcCaller caller = caller()) {
      cluster.becomes("first hello 0", () -> caller.call("/a.B/One"));
      try (GrpcCaller.Call call = caller.begin("/a.B/Chat")) {
        assertThat(call.next()).isEqualTo("first");
        for (int i = 0; i < 10; i++) {
          call.send("message " + i, false);
          assertThat(call.next()).isEqualTo("message " + i);
        }
        call.send("last", true);
        assertThat(call.next()).isEqualTo("last");
        assertThat(call.next()).isEqualTo("status 0");
      }
    }
  }

  @Test
  void callsOfOneConnectionAreSharedByWeightAndFollowAChange() throws Exception {
    route(
        "- backendRefs: [{name: first, port: 80, weight: 1}, {name: second, port: 80, weight: 1}]\n");
    try (GrpcCaller caller = caller()) {
      cluster.becomes("first hello 0", () -> caller.call("/a.B/One"));
      int ofFirst = 0;
      for (int i = 0; i < 200; i++) {
        String answer = caller.call("/a.B/One");
        assertThat(answer).isIn("first hello 0", "second hello 0");
        ofFirst += answer.startsWith("first") ? 1 : 0;
      }
      assertThat(ofFirst).isBetween(60, 140);
      route(
          "- backendRefs: [{name: first, port: 80, weight: 0}, {name: second, port: 80, weight: 1}]\n");
      cluster.live().eventually(() -> seen(caller).equals("second"));
      for (int i = 0; i < 50; i++) {
        assertThat(caller.call("/a.B/One")).isEqualTo("second hello 0");
      }
    }
  }

  /// The only Pod that 20 calls in a row reached; empty if there were several.
  private static String seen(GrpcCaller caller) throws Exception {
    for (int i = 0; i < 20; i++) {
      if (!caller.call("/a.B/One").equals("second hello 0")) {
        return "";
      }
    }
    return "second";
  }
}
