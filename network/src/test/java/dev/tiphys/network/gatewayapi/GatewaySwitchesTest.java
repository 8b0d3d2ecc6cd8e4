package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.SteadyLoad;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.world.TestPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// An HTTPRoute whose weights are moved from one Service to another while requests are under way.
final class GatewaySwitchesTest {

  private GatewayCluster cluster;
  private int secure;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    secure = TestPorts.free();
    cluster.service("blue");
    cluster.service("green");
    cluster.certificate("default", "cert", "localhost");
    cluster.gateway(
        "gate",
        "[{name: http, port: %d, protocol: HTTP}, {name: https, port: %d, protocol: HTTPS, tls: {certificateRefs: [{name: cert}]}}]"
            .formatted(cluster.port(), secure));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void switchTo(String version) throws Exception {
    Struct written =
        cluster.http(
            "app",
            "{parentRefs: [{name: gate}], hostnames: [localhost], rules: [{backendRefs:"
                + " [{name: blue, port: 80, weight: %d}, {name: green, port: 80, weight: %d}]}]}"
                    .formatted(
                        version.equals("blue") ? 100 : 0, version.equals("green") ? 100 : 0));
    Tables.awaitServed(cluster.live(), cluster.edge(), secure, GatewayApi.FEEDER, written);
  }

  @Test
  void switchesUnderLoadLoseNoRequest(TestReporter reporter) throws Exception {
    switchTo("blue");
    try (SteadyLoad load =
        new SteadyLoad(
            cluster.live().world(), cluster.port(), secure, cluster.authority().certificate())) {
      load.endure(cluster.live(), this::switchTo, reporter);
    }
  }
}
