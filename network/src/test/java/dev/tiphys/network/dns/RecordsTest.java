package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.dns.DnsClient.Response;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The records of the cluster, asked for by datagram and by stream.
@TestInstance(Lifecycle.PER_CLASS)
class RecordsTest {

  private TestDns cluster;

  @BeforeAll
  void start() throws Exception {
    cluster = new TestDns();
    cluster.service("web", "clusterIP: 10.96.7.7");
    cluster.service("six", "clusterIP: None");
    cluster.slice("six", "six-1", "IPv6", "{addresses: ['fd00::5']}");
    cluster.service("mysql", "clusterIP: None, selector: {app: mysql}");
    cluster.slice(
        "mysql",
        "mysql-1",
        "IPv4",
        """
        {addresses: [10.244.0.5], hostname: mysql-0, conditions: {ready: true}},
        {addresses: [10.244.0.6], hostname: mysql-1, conditions: {ready: false}},
        {addresses: [10.244.0.7]}
        """);
    cluster.service(
        "early", "clusterIP: None, publishNotReadyAddresses: true, selector: {app: early}");
    cluster.slice(
        "early",
        "early-1",
        "IPv4",
        "{addresses: [10.244.0.8], hostname: early-0, conditions: {ready: false}}");
    cluster.service("nobody", "clusterIP: None, selector: {app: nobody}");
    external("inside", "web.default.svc.cluster.local");
    external("number", "192.0.2.9");
    external("circle", "circle.default.svc.cluster.local");
    external("missing", "none.default.svc.cluster.local.");
    cluster.api.eventually(
        () ->
            cluster.client.ask(full("missing"), "A").rcode().equals("NXDOMAIN")
                && !cluster.client.ask(full("missing"), "A").answers().isEmpty());
    cluster.api.eventually(() -> cluster.client.ask(full("early"), "A").answers().size() == 1);
  }

  private void external(String name, String target) {
    cluster.api.apply(
        ApiResource.SERVICES,
        "metadata: {name: %s}\nspec: {type: ExternalName, externalName: %s}"
            .formatted(name, target));
  }

  private static String full(String service) {
    return service + ".default.svc.cluster.local";
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns-version.cluster.local | TXT | NOERROR | dns-version.cluster.local TXT 1.1.0",
        "cluster.local | NS | NOERROR | cluster.local NS ns.dns.cluster.local",
        "ns.dns.cluster.local | A | NOERROR | ns.dns.cluster.local A 10.96.0.10",
        "cluster.local | A | NOERROR |",
        "svc.cluster.local | A | NOERROR |",
        "default.svc.cluster.local | A | NOERROR |",
        "nowhere.svc.cluster.local | A | NXDOMAIN |",
        "web.nowhere.svc.cluster.local | A | NXDOMAIN |",
        "web.default.svc.cluster.local | A | NOERROR | web.default.svc.cluster.local A 10.96.7.7",
        "web.default.svc.cluster.local | AAAA | NOERROR |",
        "web.default.svc.cluster.local | MX | NOERROR |",
        "web.default.svc.cluster.local | SRV | NOERROR |",
        "below.web.default.svc.cluster.local | A | NXDOMAIN |",
        "webb.default.svc.cluster.local | A | NXDOMAIN |",
        "_http._tcp.web.default.svc.cluster.local | SRV | NOERROR"
            + " | _http._tcp.web.default.svc.cluster.local SRV 0 100 80 web.default.svc.cluster.local",
        "_dns._udp.web.default.svc.cluster.local | SRV | NOERROR"
            + " | _dns._udp.web.default.svc.cluster.local SRV 0 100 53 web.default.svc.cluster.local",
        "_http._udp.web.default.svc.cluster.local | SRV | NXDOMAIN |",
        "_tcp.web.default.svc.cluster.local | SRV | NOERROR |",
        "7.7.96.10.in-addr.arpa | PTR | NOERROR"
            + " | 7.7.96.10.in-addr.arpa PTR web.default.svc.cluster.local",
        "mysql.default.svc.cluster.local | A | NOERROR"
            + " | mysql.default.svc.cluster.local A 10.244.0.5; mysql.default.svc.cluster.local A 10.244.0.7",
        "mysql-0.mysql.default.svc.cluster.local | A | NOERROR"
            + " | mysql-0.mysql.default.svc.cluster.local A 10.244.0.5",
        "mysql-1.mysql.default.svc.cluster.local | A | NXDOMAIN |",
        "10-244-0-7.mysql.default.svc.cluster.local | A | NOERROR"
            + " | 10-244-0-7.mysql.default.svc.cluster.local A 10.244.0.7",
        "_http._tcp.mysql.default.svc.cluster.local | SRV | NOERROR"
            + " | _http._tcp.mysql.default.svc.cluster.local SRV 0 50 8080 mysql-0.mysql.default.svc.cluster.local;"
            + " _http._tcp.mysql.default.svc.cluster.local SRV 0 50 8080 10-244-0-7.mysql.default.svc.cluster.local",
        "5.0.244.10.in-addr.arpa | PTR | NOERROR"
            + " | 5.0.244.10.in-addr.arpa PTR mysql-0.mysql.default.svc.cluster.local",
        "six.default.svc.cluster.local | AAAA | NOERROR"
            + " | six.default.svc.cluster.local AAAA fd00:0:0:0:0:0:0:5",
        "six.default.svc.cluster.local | A | NOERROR |",
        "fd00--5.six.default.svc.cluster.local | AAAA | NOERROR"
            + " | fd00--5.six.default.svc.cluster.local AAAA fd00:0:0:0:0:0:0:5",
        "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa | PTR | NOERROR"
            + " | 5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"
            + " PTR fd00--5.six.default.svc.cluster.local",
        "early-0.early.default.svc.cluster.local | A | NOERROR"
            + " | early-0.early.default.svc.cluster.local A 10.244.0.8",
        "nobody.default.svc.cluster.local | A | NXDOMAIN |",
        "inside.default.svc.cluster.local | CNAME | NOERROR"
            + " | inside.default.svc.cluster.local CNAME web.default.svc.cluster.local",
        "inside.default.svc.cluster.local | A | NOERROR"
            + " | inside.default.svc.cluster.local CNAME web.default.svc.cluster.local;"
            + " web.default.svc.cluster.local A 10.96.7.7",
        "inside.default.svc.cluster.local | AAAA | NOERROR"
            + " | inside.default.svc.cluster.local CNAME web.default.svc.cluster.local",
        "number.default.svc.cluster.local | A | NOERROR"
            + " | number.default.svc.cluster.local A 192.0.2.9",
        "circle.default.svc.cluster.local | A | SERVFAIL |",
        "missing.default.svc.cluster.local | A | NXDOMAIN"
            + " | missing.default.svc.cluster.local CNAME none.default.svc.cluster.local",
        "pod.cluster.local | A | NOERROR |",
        "default.pod.cluster.local | A | NOERROR |",
        "10-244-9-9.default.pod.cluster.local | A | NOERROR"
            + " | 10-244-9-9.default.pod.cluster.local A 10.244.9.9",
        "10-244-9-9.default.pod.cluster.local | AAAA | NOERROR |",
        "fd00--7.default.pod.cluster.local | AAAA | NOERROR"
            + " | fd00--7.default.pod.cluster.local AAAA fd00:0:0:0:0:0:0:7",
        "10-244-9-9.nowhere.pod.cluster.local | A | NXDOMAIN |",
        "web.default.pod.cluster.local | A | NXDOMAIN |",
        "10-244-999-9.default.pod.cluster.local | A | NXDOMAIN |",
        "WEB.Default.SVC.cluster.LOCAL | A | NOERROR | web.default.svc.cluster.local A 10.96.7.7",
        "example.com | A | SERVFAIL |",
      })
  void aNameHas(String name, String type, String rcode, String records) throws Exception {
    List<String> wanted = records == null ? List.of() : List.of(records.split("; ?"));
    for (Response response :
        List.of(
            cluster.client.ask(name, type),
            cluster.client.ask(name, type, 1232),
            cluster.client.askByStream(name, type))) {
      assertThat(response.rcode()).isEqualTo(rcode);
      assertThat(response.records().stream().map(each -> each.replace(name, name.toLowerCase())))
          .containsExactlyInAnyOrderElementsOf(wanted);
      assertThat(response.question()).isEqualTo(name);
      if (wanted.isEmpty() && !rcode.equals("SERVFAIL")) {
        assertThat(response.authority())
            .containsExactly("cluster.local 5 SOA ns.dns.cluster.local hostmaster.cluster.local");
      }
      assertThat(response.answers()).allMatch(each -> each.contains(" 5 "));
    }
  }

  @Test
  void anSrvRecordComesWithTheAddressOfItsTarget() throws Exception {
    Response response =
        cluster.client.ask("_http._tcp.mysql.default.svc.cluster.local", "SRV", 1232);

    assertThat(response.additional())
        .containsExactlyInAnyOrder(
            "mysql-0.mysql.default.svc.cluster.local 5 A 10.244.0.5",
            "10-244-0-7.mysql.default.svc.cluster.local 5 A 10.244.0.7");
  }

  @Test
  void theSpellingOfAQuestionComesBackInTheAnswer() throws Exception {
    Response response = cluster.client.ask("wEb.DefAult.sVc.cLuster.lOcal", "A");

    assertThat(response.question()).isEqualTo("wEb.DefAult.sVc.cLuster.lOcal");
    assertThat(response.records()).containsExactly("wEb.DefAult.sVc.cLuster.lOcal A 10.96.7.7");
  }

  @Test
  void aServiceThatChangesOrEndsChangesItsNames() throws Exception {
    cluster.service("changing", "clusterIP: 10.96.8.8");
    cluster.api.eventually(() -> cluster.client.ask(full("changing"), "A").answers().size() == 1);

    external("changing", "web.default.svc.cluster.local");
    cluster.api.eventually(
        () ->
            cluster
                .client
                .ask(full("changing"), "A")
                .records()
                .contains(full("changing") + " CNAME " + full("web")));
    assertThat(cluster.client.ask("8.8.96.10.in-addr.arpa", "PTR").answers()).isEmpty();
    assertThat(cluster.client.ask("_http._tcp." + full("changing"), "SRV").rcode())
        .isEqualTo("NXDOMAIN");

    cluster.api.delete(ApiResource.SERVICES, "changing");
    cluster.api.eventually(
        () -> cluster.client.ask(full("changing"), "A").rcode().equals("NXDOMAIN"));
  }

  @Test
  void anAddressOfSeveralServicesHasSeveralNamesUntilOneEnds() throws Exception {
    for (String name : List.of("one", "two")) {
      cluster.service(name, "clusterIP: None, selector: {a: b}");
      cluster.slice(name, name + "-s", "IPv4", "{addresses: [10.244.3.3], hostname: h}");
    }
    String reverse = "3.3.244.10.in-addr.arpa";
    cluster.api.eventually(() -> cluster.client.ask(reverse, "PTR").answers().size() == 2);

    cluster.api.delete(ApiResource.ENDPOINT_SLICES, "one-s");
    cluster.api.eventually(
        () ->
            cluster
                .client
                .ask(reverse, "PTR")
                .records()
                .equals(List.of(reverse + " PTR h." + full("two"))));
    cluster.api.delete(ApiResource.ENDPOINT_SLICES, "two-s");
    cluster.api.eventually(() -> cluster.client.ask(reverse, "PTR").answers().isEmpty());
  }

  @Test
  void namesOfANamespaceEndWithIt() throws Exception {
    cluster.api.apply(ApiResource.NAMESPACES, "metadata: {name: passing}");
    String name = "10-244-0-1.passing.pod.cluster.local";
    cluster.api.eventually(() -> cluster.client.ask(name, "A").answers().size() == 1);
    cluster.api.api().delete(ApiResource.NAMESPACES, "", "passing", DeleteOptions.DEFAULT);
    cluster.api.apply(ApiResource.NAMESPACES, "metadata: {name: staying}");
    cluster.api.eventually(
        () ->
            cluster.client.ask("10-244-0-1.staying.pod.cluster.local", "A").answers().size() == 1);
  }
}
