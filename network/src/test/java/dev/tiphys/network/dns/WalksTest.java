package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.dns.DnsClient.Response;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The first question of a Pod that walks along its list of domains.
class WalksTest {

  private static final String NAME = "www.example.com";
  private static final String FIRST = NAME + ".default.svc.cluster.local";

  private ScriptedServer upstream;
  private TestDns cluster;

  @BeforeEach
  void start() throws Exception {
    upstream =
        new ScriptedServer(
            question ->
                switch (question.name()) {
                  case NAME ->
                      question.type() == 1
                          ? question.answer().address(NAME, 60, "192.0.2.80").alone()
                          : question.answer().soa("example.com", 60, 60).alone();
                  case "far.away.test.office.example" ->
                      question.answer().address(question.name(), 60, "192.0.2.81").alone();
                  case "broken.example.com" -> question.answer().rcode(2).alone();
                  default -> question.answer().rcode(3).soa("com", 60, 60).alone();
                });
    cluster = new TestDns(upstream.port());
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    upstream.close();
  }

  /// Makes a Pod of the address from which tests ask.
  private void pod(String name, String namespace, String spec, String phase) {
    cluster.api.apply(
        ApiResource.PODS,
        """
        metadata: {name: %s, namespace: %s}
        spec:
          nodeName: node-1
          containers: [{name: c, image: 'busybox:1'}]
          %s
        status: {phase: %s, podIP: 127.0.0.1, podIPs: [{ip: 127.0.0.1}]}
        """
            .formatted(name, namespace, spec, phase));
  }

  private void pod(String spec) {
    pod("client", "default", spec, "Running");
  }

  private void awaitWalks() throws Exception {
    cluster.api.eventually(() -> cluster.client.ask(FIRST, "A").rcode().equals("NOERROR"));
  }

  /// Waits until the server has seen the Pods that were made before.
  private void awaitSeen() throws Exception {
    cluster.service("marker", "clusterIP: 10.96.7.9");
    cluster.api.eventually(
        () -> !cluster.client.ask("marker.default.svc.cluster.local", "A").answers().isEmpty());
  }

  @Test
  void isAnsweredWithTheEndOfTheWalk() throws Exception {
    pod("");
    awaitWalks();

    assertThat(cluster.client.ask(FIRST, "A").records())
        .containsExactly(FIRST + " CNAME " + NAME, NAME + " A 192.0.2.80");
    Response other = cluster.client.ask(FIRST, "AAAA");
    assertThat(other.rcode()).isEqualTo("NOERROR");
    assertThat(other.records()).containsExactly(FIRST + " CNAME " + NAME);
  }

  @Test
  void findsWhatTheClusterHasFirst() throws Exception {
    cluster.api.apply(ApiResource.NAMESPACES, "metadata: {name: com}");
    cluster.api.apply(
        ApiResource.SERVICES,
        "metadata: {name: example, namespace: com}\nspec: {clusterIP: None, ports: [{port: 80}]}");
    cluster.api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: e, namespace: com, labels: {kubernetes.io/service-name: example}}
        addressType: IPv4
        endpoints: [{addresses: [10.244.0.9], hostname: www}]
        """);
    cluster.api.eventually(
        () -> !cluster.client.ask(NAME + ".svc.cluster.local", "A").answers().isEmpty());
    pod("");
    awaitWalks();

    assertThat(cluster.client.ask(FIRST, "A").records())
        .containsExactly(
            FIRST + " CNAME " + NAME + ".svc.cluster.local",
            NAME + ".svc.cluster.local A 10.244.0.9");
  }

  @Test
  void goesAlongTheMachinesDomainsToo() throws Exception {
    Files.writeString(
        cluster.resolvConf(),
        "nameserver 127.0.0.1:%d\nsearch office.example\n".formatted(upstream.port()));
    pod("");
    cluster.api.eventually(
        () ->
            cluster
                .client
                .ask("far.away.test.default.svc.cluster.local", "A")
                .records()
                .contains("far.away.test.office.example A 192.0.2.81"));
  }

  @Test
  void isNotAnsweredSoWhenNothingIsFoundOrTheServersFail() throws Exception {
    pod("");
    awaitWalks();

    for (String name : new String[] {"no.such.name", "broken.example.com"}) {
      Response response = cluster.client.ask(name + ".default.svc.cluster.local", "A");
      assertThat(response.rcode()).isEqualTo("NXDOMAIN");
      assertThat(response.answers()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dnsPolicy: Default",
        "dnsPolicy: None\n  dnsConfig: {nameservers: [10.96.0.10]}",
        "dnsConfig: {options: [{name: ndots, value: '1'}]}",
        "hostNetwork: true",
      })
  void isNotAnsweredSoForPodsWithListsOfTheirOwn(String spec) throws Exception {
    pod(spec);
    awaitSeen();

    assertThat(cluster.client.ask(FIRST, "A").rcode()).isEqualTo("NXDOMAIN");
    assertThat(upstream.asked(NAME)).isZero();
  }

  @Test
  void isNotAnsweredSoForPodsThatHaveEndedOrShareAnAddressOrAskElsewhere() throws Exception {
    cluster.api.apply(ApiResource.NAMESPACES, "metadata: {name: other}");
    pod("ended", "other", "", "Succeeded");
    pod("");
    awaitWalks();
    cluster.api.eventually(
        () ->
            cluster.client.ask(NAME + ".other.svc.cluster.local", "A").rcode().equals("NXDOMAIN"));

    pod("second", "other", "", "Running");
    cluster.api.eventually(() -> cluster.client.ask(FIRST, "A").rcode().equals("NXDOMAIN"));
  }

  @Test
  void aShortNameStandsForTheLongOneWhenItIsNotThereItself() throws Exception {
    cluster.service("mysql", "clusterIP: None, selector: {app: mysql}");
    cluster.slice("mysql", "m", "IPv4", "{addresses: [10.244.0.5], hostname: mysql-0}");
    pod("");
    awaitWalks();
    String full = "mysql-0.mysql.default.svc.cluster.local";
    cluster.api.eventually(() -> !cluster.client.ask(full, "A").answers().isEmpty());

    assertThat(cluster.client.ask("mysql-0.mysql", "A").records())
        .containsExactly("mysql-0.mysql CNAME " + full, full + " A 10.244.0.5");
    Response other = cluster.client.ask("mysql.default", "AAAA");
    assertThat(other.rcode()).isEqualTo("NOERROR");
    assertThat(cluster.client.ask(NAME, "A").records()).containsExactly(NAME + " A 192.0.2.80");
    assertThat(cluster.client.ask("no.such", "A").rcode()).isEqualTo("NXDOMAIN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db-0.db", "github.com", "db", "_http._tcp.db"})
  void isNotAnsweredSoForNamesThatTheClusterCouldHave(String name) throws Exception {
    pod("");
    awaitWalks();

    assertThat(cluster.client.ask(name + ".default.svc.cluster.local", "A").rcode())
        .isEqualTo("NXDOMAIN");
    assertThat(upstream.asked(name)).isZero();
  }
}
