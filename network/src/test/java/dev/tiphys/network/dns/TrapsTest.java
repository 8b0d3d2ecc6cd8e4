package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.dns.DnsClient.Response;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What went wrong in other servers.
class TrapsTest {

  private TestDns cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestDns();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aNameOfOneFamilyExistsForTheOtherToo() throws Exception {
    cluster.service("web", "clusterIP: 10.96.7.7");
    cluster.api.eventually(
        () -> cluster.client.ask("web.default.svc.cluster.local", "A").answers().size() == 1);

    for (String type : List.of("AAAA", "MX")) {
      Response response = cluster.client.ask("web.default.svc.cluster.local", type);
      assertThat(response.rcode()).isEqualTo("NOERROR");
      assertThat(response.answers()).isEmpty();
      assertThat(response.authority()).hasSize(1);
    }
    assertThat(cluster.client.ask("wob.default.svc.cluster.local", "A").rcode())
        .isEqualTo("NXDOMAIN");
  }

  @Test
  void nothingIsBelowTheNameOfAnExternalService() throws Exception {
    cluster.api.apply(ApiResource.NAMESPACES, "metadata: {name: nginx}");
    cluster.api.apply(
        ApiResource.SERVICES,
        "metadata: {name: nginx2, namespace: nginx}\nspec: {clusterIP: 10.96.7.2, ports: [{port: 80}]}");
    cluster.api.apply(
        ApiResource.SERVICES,
        "metadata: {name: nginx}\nspec: {type: ExternalName, externalName: nginx1.nginx.svc.cluster.local}");
    cluster.api.eventually(
        () -> !cluster.client.ask("nginx.default.svc.cluster.local", "CNAME").answers().isEmpty());

    assertThat(cluster.client.ask("nginx2.nginx.default.svc.cluster.local", "A").rcode())
        .isEqualTo("NXDOMAIN");
    assertThat(cluster.client.ask("nginx2.nginx.svc.cluster.local", "A").records())
        .containsExactly("nginx2.nginx.svc.cluster.local A 10.96.7.2");
  }

  @Test
  void anEarlyMissIsNotRemembered() throws Exception {
    String name = "db-0.db.default.svc.cluster.local";
    cluster.service("db", "clusterIP: None, selector: {app: db}");
    assertThat(cluster.client.ask(name, "A").rcode()).isEqualTo("NXDOMAIN");

    cluster.slice(
        "db",
        "db-1",
        "IPv4",
        "{addresses: [10.244.0.5], hostname: db-0, conditions: {ready: false}}");
    cluster.service("marker", "clusterIP: 10.96.7.9");
    cluster.api.eventually(
        () -> !cluster.client.ask("marker.default.svc.cluster.local", "A").answers().isEmpty());
    assertThat(cluster.client.ask(name, "A").rcode()).isEqualTo("NXDOMAIN");

    cluster.service("db", "clusterIP: None, publishNotReadyAddresses: true, selector: {app: db}");
    cluster.api.eventually(() -> cluster.client.ask(name, "A").answers().size() == 1);
  }

  @Test
  void aLargeAnswerIsCutForDatagramsAndSaysSo() throws Exception {
    String name = "many.default.svc.cluster.local";
    cluster.service("many", "clusterIP: None, selector: {app: many}");
    cluster.slice(
        "many",
        "many-1",
        "IPv4",
        IntStream.rangeClosed(1, 90)
            .mapToObj("{addresses: [10.244.1.%d]}"::formatted)
            .collect(Collectors.joining(", ")));
    cluster.api.eventually(() -> cluster.client.askByStream(name, "A").answers().size() == 90);

    for (int size : new int[] {0, 0, 512, 1232, 1232, 4096}) {
      Response response = cluster.client.ask(name, "A", size);
      assertThat(response.size()).isLessThanOrEqualTo(Math.clamp(size, 512, 1232));
      assertThat(response.truncated()).isTrue();
      assertThat(response.answers()).isNotEmpty();
    }
    assertThat(cluster.client.askByStream(name, "A").truncated()).isFalse();
  }

  @Test
  void addressesTakeTurns() throws Exception {
    String name = "pair.default.svc.cluster.local";
    cluster.service("pair", "clusterIP: None, selector: {app: pair}");
    cluster.slice("pair", "p", "IPv4", "{addresses: [10.244.1.1]}, {addresses: [10.244.1.2]}");
    cluster.api.eventually(() -> cluster.client.ask(name, "A").answers().size() == 2);

    byte[] first = cluster.client.exchange(DnsClient.query(6, name, 1, 0));
    byte[] second = cluster.client.exchange(DnsClient.query(7, name, 1, 0));

    assertThat(DnsClient.read(first).answers().getFirst())
        .isNotEqualTo(DnsClient.read(second).answers().getFirst());
  }

  @Test
  void answersAboutTheClusterGoOnWithoutTheApi() throws Exception {
    cluster.service("web", "clusterIP: 10.96.7.7");
    cluster.api.eventually(
        () -> cluster.client.ask("web.default.svc.cluster.local", "A").answers().size() == 1);

    cluster.api.close();

    assertThat(cluster.client.ask("web.default.svc.cluster.local", "A").answers()).hasSize(1);
  }
}
