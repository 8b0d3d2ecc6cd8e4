package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Question;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.TestPorts;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How clients speak TLS with Gateways, and who is let in.
class GatewayTlsTest {

  private final int port = TestPorts.free();
  private IstioCluster cluster;
  private TlsPeers peers;
  private Credential known;
  private Credential stranger;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    peers = new TlsPeers(cluster.authority());
    known = peers.client("known");
    stranger = new TlsPeers(Authority.found(cluster.live().world(), "another")).client("stranger");
    cluster.service("pages");
    cluster.virtualService(
        "pages",
        "hosts: [pages.org]\ngateways: [gate]\nhttp: [{route: [{destination: {host: pages}}]}]");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void gateway(String tls) {
    cluster.gateway(
        "gate",
        "- {hosts: [pages.org], port: {number: %d, name: a, protocol: HTTPS}, tls: {%s}}"
            .formatted(port, tls));
  }

  private void secret(String type) {
    cluster.secret("pages", type, peers.data(peers.credential("pages.org")));
  }

  private String ask(Credential... own) throws Exception {
    try (SSLSocket socket = peers.connect(port, "pages.org", own)) {
      return cluster.ask(socket, "GET", "pages.org", "/");
    }
  }

  private String asked(Credential... own) {
    return Question.refusedOr(() -> ask(own));
  }

  @ParameterizedTest
  @CsvSource({
    "SIMPLE, kubernetes.io/tls, 200 pages /, 200 pages /, 200 pages /",
    "SIMPLE, Opaque, 200 pages /, 200 pages /, 200 pages /",
    "MUTUAL, Opaque, 200 pages /, refused, refused",
    "MUTUAL, kubernetes.io/tls, 200 pages /, refused, refused",
    "OPTIONAL_MUTUAL, Opaque, 200 pages /, 200 pages /, refused"
  })
  void theModeSaysWhichClientsAreLetIn(
      String mode, String type, String byKnown, String byNone, String byStranger) throws Exception {
    secret(type);
    gateway("mode: %s, credentialName: pages".formatted(mode));
    cluster.becomes(byKnown, () -> ask(known));
    assertThat(asked()).isEqualTo(byNone);
    assertThat(asked(stranger)).isEqualTo(byStranger);
  }

  /// The certificate of the authority may be in a Secret of its own, as in `NAME-cacert`.
  @Test
  void authoritiesMayBeInASecretBeside() throws Exception {
    TlsPeers others = new TlsPeers(Authority.found(cluster.live().world(), "others"));
    secret("kubernetes.io/tls");
    cluster.secret("pages-cacert", "Opaque", others.data(others.client("any")));
    gateway("mode: MUTUAL, credentialName: pages");
    cluster.becomes("200 pages /", () -> ask(others.client("some")));
    assertThat(asked(known)).isEqualTo("refused");
  }

  @ParameterizedTest
  @CsvSource({"MUTUAL", "OPTIONAL_MUTUAL"})
  void aClientWhoseCertificateWasRevokedIsNotLetIn(String mode) throws Exception {
    Credential revoked = peers.client("revoked");
    secret("kubernetes.io/tls");
    gateway("mode: %s, credentialName: pages".formatted(mode));
    cluster.becomes("200 pages /", () -> ask(revoked));
    cluster.secret(
        "pages", "kubernetes.io/tls", peers.data(peers.credential("pages.org"), revoked));
    cluster.becomes("refused", () -> asked(revoked));
    assertThat(ask(known)).isEqualTo("200 pages /");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minProtocolVersion: TLSV1_3 | TLSv1.3 | TLSv1.2",
        "maxProtocolVersion: TLSV1_2 | TLSv1.2 | TLSv1.3"
      })
  void versionsAreKept(String settings, String taken, String refused) throws Exception {
    secret("kubernetes.io/tls");
    gateway("mode: SIMPLE, credentialName: pages, " + settings);
    cluster.becomes("200 pages /", () -> askWith(taken, null));
    assertThat(Question.refusedOr(() -> askWith(refused, null))).isEqualTo("refused");
  }

  @Test
  void cipherSuitesAreKept() throws Exception {
    secret("kubernetes.io/tls");
    gateway("mode: SIMPLE, credentialName: pages, cipherSuites: [ECDHE-ECDSA-AES256-GCM-SHA384]");
    cluster.becomes(
        "200 pages /", () -> askWith("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    assertThat(
            Question.refusedOr(() -> askWith("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")))
        .isEqualTo("refused");
    assertThat(askWith("TLSv1.3", null)).isEqualTo("200 pages /");
  }

  private String askWith(String version, String cipher) throws Exception {
    try (SSLSocket socket = peers.connect(port, "pages.org")) {
      socket.setEnabledProtocols(new String[] {version});
      if (cipher != null) {
        socket.setEnabledCipherSuites(new String[] {cipher});
      }
      return cluster.ask(socket, "GET", "pages.org", "/");
    }
  }

  @Test
  void clientsAreSentToThePortWithTls() throws Exception {
    cluster.gateway(
        "gate",
        "- {hosts: [pages.org], port: {number: %d, name: a, protocol: HTTP}, tls: {httpsRedirect: true}}"
            .formatted(port));
    cluster.becomes(
        "301 https://pages.org/x?y",
        () -> cluster.ask(cluster.at(port), "GET", "pages.org", "/x?y"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: ISTIO_MUTUAL | TLS mode ISTIO_MUTUAL is not served here: Pods have no certificates of a mesh",
        "mode: SIMPLE, credentialName: missing | there is no Secret missing",
        "mode: SIMPLE, serverCertificate: /a, privateKey: /b | certificates in files are not served here: name a Secret in tls.credentialName",
        "mode: MUTUAL, credentialName: pages, subjectAltNames: [a] | tls.subjectAltNames is not kept here",
        "mode: MUTUAL, credentialName: broken | Secret broken has no list of revoked certificates that can be read (ca.crl)",
        "mode: SIMPLE, credentialName: pages, cipherSuites: [NONE] | none of tls.cipherSuites is known here",
        "mode: SIMPLE, credentialName: pages, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_2 | there is no version of TLS from TLSV1_3 to TLSV1_2"
      })
  void whatCannotBeKeptIsNotServedAndSaid(String tls, String expected) throws Exception {
    secret("kubernetes.io/tls");
    cluster.secret(
        "broken",
        "kubernetes.io/tls",
        peers.data(peers.credential("pages.org")).replace("}", ", ca.crl: bm9uZQ==}"));
    gateway(tls);
    cluster.becomes(
        "port %d: %s".formatted(port, expected),
        () -> cluster.problem(IstioResources.GATEWAYS, "gate"));
    assertThat(asked(known)).isEqualTo("refused");
  }

  /// The certificate of a wildcard is shown for names at any depth, as its routes are for them, and
  /// connections for other names are closed.
  @Test
  void aWildcardsCertificateIsForAllNamesBelowIt() throws Exception {
    cluster.secret("pages", "kubernetes.io/tls", peers.data(peers.credential("a.b.pages.org")));
    cluster.gateway(
        "gate",
        "- {hosts: ['*.pages.org'], port: {number: %d, name: a, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: pages}}"
            .formatted(port));
    cluster.virtualService(
        "pages",
        "hosts: ['*.pages.org']\ngateways: [gate]\nhttp: [{route: [{destination: {host: pages}}]}]");
    cluster.becomes(
        "200 pages /",
        () -> {
          try (SSLSocket socket = peers.connect(port, "a.b.pages.org")) {
            return cluster.ask(socket, "GET", "a.b.pages.org", "/");
          }
        });
    assertThat(peers.isClosed(port, "pages.org")).isTrue();
  }
}
