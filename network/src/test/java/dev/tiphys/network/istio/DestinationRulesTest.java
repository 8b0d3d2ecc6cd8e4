package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.WordServers;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// DestinationRules of Services that no VirtualService names.
class DestinationRulesTest {

  private IstioCluster cluster;
  private TlsPeers peers;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    peers = new TlsPeers(cluster.authority());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void rule(String policy) {
    cluster.destinationRule("shop", "host: shop\ntrafficPolicy: {%s}".formatted(policy));
  }

  private String call(String... headers) throws Exception {
    return cluster.call("shop", "shop", "/", headers);
  }

  @Test
  void requestsWithTheSameHeaderGoToTheSameEndpoint() throws Exception {
    cluster.service("shop", "shop-1", "{app: shop}");
    cluster.pod("shop", "shop-2", "{app: shop}");
    cluster.pod("shop", "shop-3", "{app: shop}");
    rule("loadBalancer: {consistentHash: {httpHeaderName: x-user}}");
    cluster.live().eventually(() -> !cluster.redirected().isEmpty());
    awaitAnswers(3);
    for (int user = 0; user < 30; user++) {
      Set<String> ofUser = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        ofUser.add(call("X-User: " + user));
      }
      assertThat(ofUser).hasSize(1);
    }
  }

  /// Waits until so many endpoints answer users: before all are known, users move between them.
  private void awaitAnswers(int endpoints) throws Exception {
    Set<String> answers = new HashSet<>();
    cluster
        .live()
        .eventually(
            () -> {
              for (int user = 0; user < 30; user++) {
                answers.add(call("X-User: " + user));
              }
              return answers.stream().filter(each -> each.startsWith("200")).count() == endpoints;
            });
  }

  @Test
  void anEndpointThatFailsIsLeftOut() throws Exception {
    cluster.service("shop", "shop-1", "{app: shop}");
    cluster.pod("shop", "shop-2", "{app: shop}");
    cluster.answer("shop-1", (_, _) -> 503);
    rule(
        "outlierDetection: {consecutive5xxErrors: 1, baseEjectionTime: 1m, maxEjectionPercent: 100}");
    cluster.live().eventually(() -> !cluster.redirected().isEmpty());
    Set<String> answers = new HashSet<>();
    cluster
        .live()
        .eventually(
            () -> {
              answers.add(call());
              return answers.containsAll(List.of("200 shop-2 /", "503 shop-1 /"));
            });
    for (int i = 0; i < 20; i++) {
      assertThat(call()).isEqualTo("200 shop-2 /");
    }
  }

  @Test
  void connectionsAreSecuredAndEndpointsVerified() throws Exception {
    cluster.secureService("shop", peers.context("shop.org"), false);
    cluster.secret("trusted", "Opaque", peers.data(peers.client("us")));
    TlsPeers others = new TlsPeers(Authority.found(cluster.live().world(), "others"));
    cluster.secret("others", "Opaque", others.data(others.client("us")));
    rule("tls: {mode: SIMPLE, credentialName: trusted, sni: shop.org}");
    cluster.becomes("200 shop /", this::call);
    for (String tls :
        new String[] {
          "credentialName: others, sni: shop.org",
          "credentialName: trusted, sni: other.org",
          "credentialName: trusted, sni: shop.org, subjectAltNames: [other.org]",
          "sni: shop.org"
        }) {
      rule("tls: {mode: SIMPLE, %s}".formatted(tls));
      cluster.live().eventually(() -> call().startsWith("503"));
      rule("tls: {mode: SIMPLE, insecureSkipVerify: true}");
      cluster.becomes("200 shop /", this::call);
    }
  }

  @Test
  void anEndpointWhoseCertificateWasRevokedIsNotTrusted() throws Exception {
    Credential endpoint = peers.credential("shop.org");
    cluster.secureService("shop", peers.context(endpoint), false);
    cluster.secret("trusted", "Opaque", peers.data(peers.client("us"), peers.client("other")));
    rule("tls: {mode: SIMPLE, credentialName: trusted, sni: shop.org}");
    cluster.becomes("200 shop /", this::call);
    cluster.secret("trusted", "Opaque", peers.data(peers.client("us"), endpoint));
    cluster.live().eventually(() -> call().startsWith("503"));
  }

  @Test
  void aCertificateIsShownToEndpoints() throws Exception {
    cluster.secureService("shop", peers.context("shop.org"), true);
    cluster.secret("trusted", "Opaque", peers.data(peers.client("us")));
    rule("tls: {mode: SIMPLE, credentialName: trusted, sni: shop.org}");
    cluster.live().eventually(() -> !cluster.redirected().isEmpty());
    assertThat(call()).startsWith("50");
    rule("tls: {mode: MUTUAL, credentialName: trusted, sni: shop.org}");
    cluster.becomes("200 shop /", this::call);
  }

  /// Nothing is sent without TLS that is to be sent with it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: MUTUAL, clientCertificate: /a, privateKey: /b | tls mode MUTUAL is not served with certificates in files: name a Secret in credentialName",
        "mode: SIMPLE, credentialName: missing | there is no Secret missing",
        "mode: SIMPLE, credentialName: trusted, caCrl: /a | tls.caCrl is a file, which is not read here: put ca.crl into the Secret of credentialName",
        "mode: SIMPLE, caCertificates: /a | tls.caCertificates is a file, which is not read here: name a Secret in credentialName"
      })
  void whatCannotBeKeptIsSaidAndNotServed(String tls, String expected) throws Exception {
    cluster.service("shop");
    rule("tls: {%s}".formatted(tls));
    cluster.becomes(expected, () -> cluster.problem(IstioResources.DESTINATION_RULES, "shop"));
    cluster.becomes("503 no healthy upstream", this::call);
    rule("tls: {mode: DISABLE}, loadBalancer: {simple: RANDOM}");
    cluster.becomes("200 shop /", this::call);
    cluster.becomes("", () -> cluster.problem(IstioResources.DESTINATION_RULES, "shop"));
  }

  @Test
  void connectionsOfNoProtocolAreSecuredAndLimited() throws Exception {
    try (WordServers servers = new WordServers()) {
      int port = servers.start("db", peers.server("db.org", true));
      cluster.serviceAt("db", "[{name: tcp, port: 80}]", port);
      cluster.secret("trusted", "Opaque", peers.data(peers.client("us")));
      cluster.destinationRule(
          "db",
          "host: db\ntrafficPolicy: {tls: {mode: MUTUAL, credentialName: trusted, sni: db.org}}");
      cluster.becomes("db 6", () -> WordServers.say(cluster.governed("db"), "hello!"));
      // what comes after the client has said all is not lost, however long the server takes
      for (int i = 0; i < 50; i++) {
        assertThat(WordServers.say(cluster.governed("db"), "to the end")).isEqualTo("db 10");
      }
    }
  }

  @Test
  void aRuleThatChangesNothingRedirectsNothing() throws Exception {
    cluster.service("shop");
    cluster.service("other");
    cluster.destinationRule(
        "shop", "host: shop\ntrafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\nsubsets: [{name: one}]");
    cluster.destinationRule(
        "other", "host: other\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}");
    cluster.becomes("200 other /", () -> cluster.call("other", "other", "/"));
    assertThat(cluster.redirected()).hasSize(1);
    cluster.live().delete(IstioResources.DESTINATION_RULES, "other");
    cluster.live().eventually(() -> cluster.redirected().isEmpty());
  }

  /// A rule of another namespace is for the callers of that namespace alone.
  @Test
  void eachCallerSeesTheRulesOfItsNamespace() throws Exception {
    cluster.service("shop", "shop-1", "{version: one}");
    cluster.pod("shop", "shop-2", "{version: two}");
    cluster.live().apply(ApiResource.NAMESPACES, "metadata: {name: elsewhere}");
    cluster.caller("elsewhere", "{app: caller}");
    cluster.virtualService(
        "shop", "hosts: [shop]\nhttp: [{route: [{destination: {host: shop, subset: one}}]}]");
    String subset = "host: %s\nsubsets: [{name: one, labels: {version: %s}}]";
    cluster.destinationRule("shop", subset.formatted("shop", "one"));
    cluster.becomes("200 shop-1 /", this::call);
    cluster
        .live()
        .apply(
            IstioResources.DESTINATION_RULES,
            "metadata: {name: theirs, namespace: elsewhere}\nspec:\n"
                + subset.formatted("shop.default.svc.cluster.local", "two").indent(2));
    cluster.becomes("200 shop-2 /", this::call);
    cluster.live().api().delete(ApiResource.PODS, "elsewhere", "caller", DeleteOptions.DEFAULT);
    cluster.caller("default", "{app: caller}");
    cluster.becomes("200 shop-1 /", this::call);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | elsewhere | 503 no healthy upstream",
        ". | elsewhere | 200 shop /",
        ". | default | 503 no healthy upstream",
        "elsewhere | elsewhere | 503 no healthy upstream",
        "elsewhere | default | 200 shop /",
        "elsewhere | none | 200 shop /"
      })
  void exportsSayForWhichCallersARuleIs(String to, String caller, String expected)
      throws Exception {
    cluster.service("shop");
    cluster.live().apply(ApiResource.NAMESPACES, "metadata: {name: elsewhere}");
    if (!caller.equals("none")) {
      cluster.caller(caller, "{app: caller}");
    }
    cluster.destinationRule(
        "shop",
        "host: shop\nexportTo: ['%s']\ntrafficPolicy: {tls: {mode: SIMPLE, credentialName: missing}}"
            .formatted(to));
    cluster.becomes(expected, this::call);
  }
}
