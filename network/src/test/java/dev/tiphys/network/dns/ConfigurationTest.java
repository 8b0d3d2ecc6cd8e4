package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the ConfigMap changes.
class ConfigurationTest {

  private ScriptedServer upstream;
  private ScriptedServer stub;
  private TestDns cluster;

  @BeforeEach
  void start() throws Exception {
    upstream =
        new ScriptedServer(
            question -> question.answer().address(question.name(), 60, "192.0.2.1").alone());
    stub =
        new ScriptedServer(
            question -> question.answer().address(question.name(), 60, "192.0.2.2").alone());
    cluster = new TestDns(upstream.port());
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    upstream.close();
    stub.close();
  }

  private String address(String name) throws Exception {
    return String.join(" ", cluster.client.ask(name, "A").records()).replace(name + " A ", "");
  }

  private boolean isSaid(String reason, String words) {
    return cluster
        .api
        .api()
        .list(ApiResource.EVENTS, "kube-system", ListOptions.ALL)
        .items()
        .stream()
        .anyMatch(
            event ->
                event.string("reason").equals(reason)
                    && event.string("involvedObject", "name").equals("coredns")
                    && event.string("message").contains(words));
  }

  @Test
  void stubZonesAndStaticHostsAreFollowedAndABrokenConfigurationIsNot() throws Exception {
    assertThat(address("a.example.org")).isEqualTo("192.0.2.1");

    cluster.configure(
        """
        .:53 {
          errors
          kubernetes cluster.local in-addr.arpa ip6.arpa {
            pods insecure
            ttl 9
          }
          hosts {
            192.0.2.7 printer.example.com
            fallthrough
          }
          forward . 127.0.0.1:%d
          cache 30
        }
        example.org:53 {
          forward . 127.0.0.1:%d
        }
        """
            .formatted(upstream.port(), stub.port()));
    cluster.api.eventually(() -> address("a.example.org").equals("192.0.2.2"));
    cluster.api.eventually(() -> isSaid("Reloaded", ""));
    assertThat(address("b.example.com")).isEqualTo("192.0.2.1");
    assertThat(address("printer.example.com")).isEqualTo("192.0.2.7");
    assertThat(cluster.client.ask("7.2.0.192.in-addr.arpa", "PTR").records())
        .containsExactly("7.2.0.192.in-addr.arpa PTR printer.example.com");
    cluster.api.eventually(
        () ->
            cluster
                .client
                .ask("dns-version.cluster.local", "TXT")
                .answers()
                .contains("dns-version.cluster.local 9 TXT 1.1.0"));

    cluster.configure(".:53 {\n  forward . nonsense\n}\n");
    cluster.api.eventually(() -> isSaid("InvalidCorefile", "line 2: no server: nonsense"));
    assertThat(address("c.example.org")).isEqualTo("192.0.2.2");
    assertThat(address("printer.example.com")).isEqualTo("192.0.2.7");
  }

  @Test
  void hostsWithoutFallthroughKeepOtherNamesButThoseOfTheCluster() throws Exception {
    cluster.service("web", "clusterIP: 10.96.7.7");
    cluster.configure(
        ".:53 {\n  hosts {\n    192.0.2.7 printer\n  }\n  forward . 127.0.0.1:1\n}\n");

    cluster.api.eventually(() -> address("printer").equals("192.0.2.7"));
    assertThat(cluster.client.ask("www.example.com", "A").rcode()).isEqualTo("SERVFAIL");
    cluster.api.eventually(() -> address("web.default.svc.cluster.local").equals("10.96.7.7"));
  }
}
