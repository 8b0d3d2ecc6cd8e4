package dev.tiphys.network.istio;

import dev.tiphys.network.SteadyLoad;
import dev.tiphys.network.Tables;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.object.Struct;
import dev.tiphys.world.TestPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// A VirtualService whose weights are moved from one Service to another while requests are under
/// way.
class VirtualServiceSwitchesTest {

  private final int secure = TestPorts.free();
  private final int plain = TestPorts.free();
  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    cluster.service("blue");
    cluster.service("green");
    TlsPeers peers = new TlsPeers(cluster.authority());
    cluster.secret("cert", "kubernetes.io/tls", peers.data(peers.credential("localhost")));
    cluster.gateway(
        "front",
        """
        - {port: {number: %d, name: http, protocol: HTTP}, hosts: [localhost]}
        - port: {number: %d, name: https, protocol: HTTPS}
          hosts: [localhost]
          tls: {mode: SIMPLE, credentialName: cert}
        """
            .formatted(plain, secure));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void switchTo(String version) throws Exception {
    Struct written =
        cluster.virtualService(
            "shop",
            """
            hosts: [localhost]
            gateways: [front]
            http:
            - route:
              - {destination: {host: blue}, weight: %d}
              - {destination: {host: green}, weight: %d}
            """
                .formatted(version.equals("blue") ? 100 : 0, version.equals("green") ? 100 : 0));
    for (int port : new int[] {plain, secure}) {
      Tables.awaitServed(cluster.live(), cluster.edge(), port, VirtualServices.FEEDER, written);
    }
  }

  @Test
  void switchesUnderLoadLoseNoRequest(TestReporter reporter) throws Exception {
    switchTo("blue");
    try (SteadyLoad load =
        new SteadyLoad(cluster.live().world(), plain, secure, cluster.authority().certificate())) {
      load.endure(cluster.live(), this::switchTo, reporter);
    }
  }
}
