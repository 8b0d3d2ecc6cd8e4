package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.GATEWAYS;
import static dev.tiphys.network.gatewayapi.GatewayResources.HTTP_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Question;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.TestPorts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Gateways ask of clients that speak TLS.
final class GatewayTlsTest {

  private GatewayCluster cluster;
  private int first;
  private int second;
  private Credential known;
  private Credential other;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    first = TestPorts.free();
    second = TestPorts.free();
    Authority clients = Authority.found(cluster.live().world(), "clients");
    Authority others = Authority.found(cluster.live().world(), "others");
    known = clients.issue(Subject.client("known"), Duration.ofHours(1));
    other = others.issue(Subject.client("other"), Duration.ofHours(1));
    cluster.authority("default", "clients", clients);
    cluster.authority("default", "others", others);
    cluster.certificate("default", "shown", "example.org");
    cluster.service("one");
    cluster.service("two");
    cluster.service("three");
    cluster.service("four");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void gateway(String frontend, String listeners) {
    cluster
        .live()
        .apply(
            GATEWAYS,
            "{metadata: {name: gate}, spec: {gatewayClassName: own, tls: {frontend: %s}, listeners: %s}}"
                .formatted(frontend, listeners));
  }

  private static String validation(String kind, String name, String mode) {
    return "{validation: {mode: %s, caCertificateRefs: [{group: '', kind: %s, name: %s}]}}"
        .formatted(mode, kind, name);
  }

  private String listener(String name, int port, String hostname) {
    return "{name: %s, port: %d, protocol: HTTPS, hostname: '%s', tls: {certificateRefs: [{name: shown}]}}"
        .formatted(name, port, hostname)
        .replace("hostname: '', ", "");
  }

  private void route(String name, String section, String hostnames, String service) {
    cluster.http(
        name,
        "{parentRefs: [{name: gate, sectionName: %s}], hostnames: %s, rules: [{backendRefs: [{name: %s, port: 80}]}]}"
            .formatted(section, hostnames, service));
  }

  private String ask(int port, String host, @Nullable Credential shown) {
    return Question.refusedOr(() -> cluster.askByTls(port, host, host, "/", shown));
  }

  @Test
  void onlyClientsWithAValidCertificateGetThroughTheHandshake() throws Exception {
    gateway(
        "{default: %s, perPort: [{port: %d, tls: %s}]}"
            .formatted(
                validation("ConfigMap", "clients", "AllowValidOnly"),
                second,
                validation("ConfigMap", "others", "AllowValidOnly")),
        "[%s, %s]".formatted(listener("a", first, ""), listener("b", second, "second.org")));
    route("a", "a", "[example.org]", "one");
    route("b", "b", "[second.org]", "two");
    cluster.becomes("200 one /", () -> ask(first, "example.org", known));
    cluster.becomes("200 two /", () -> ask(second, "second.org", other));
    assertThat(ask(first, "example.org", other)).isEqualTo("refused");
    assertThat(ask(first, "example.org", null)).isEqualTo("refused");
    assertThat(ask(second, "second.org", known)).isEqualTo("refused");
    assertThat(cluster.peers().isClosed(second, "else.org"))
        .as("under a name that no listener has")
        .isTrue();
    assertThat(cluster.gateway("gate", "", "InsecureFrontendValidationMode")).isEmpty();
  }

  @Test
  void withTheInsecureFallbackAllAreServedAndTheGatewaySaysSo() throws Exception {
    gateway(
        "{default: %s}".formatted(validation("ConfigMap", "clients", "AllowInsecureFallback")),
        "[%s]".formatted(listener("a", first, "")));
    route("a", "a", "[example.org]", "one");
    cluster.becomes("200 one /", () -> ask(first, "example.org", known));
    assertThat(ask(first, "example.org", other)).isEqualTo("200 one /");
    assertThat(ask(first, "example.org", null)).isEqualTo("200 one /");
    cluster.becomes(
        "True/ConfigurationChanged",
        () -> cluster.gateway("gate", "", "InsecureFrontendValidationMode"));
    gateway(
        "{default: %s}".formatted(validation("ConfigMap", "clients", "AllowValidOnly")),
        "[%s]".formatted(listener("a", first, "")));
    cluster.becomes("", () -> cluster.gateway("gate", "", "InsecureFrontendValidationMode"));
    cluster.becomes("refused", () -> ask(first, "example.org", null));
  }

  @Test
  void listenersOfHttpsSayWhatTheyCannotVerifyBy() throws Exception {
    String[][] rows = {
      {"ConfigMap", "missing", "InvalidCACertificateRef"},
      {"Secret", "shown", "InvalidCACertificateKind"},
      {"ConfigMap", "clients, namespace: other", "RefNotPermitted"},
    };
    cluster.namespace("other", "{}");
    cluster.authority("other", "clients", Authority.found(cluster.live().world(), "clients"));
    for (String[] row : rows) {
      gateway(
          "{default: %s}".formatted(validation(row[0], row[1], "AllowValidOnly")),
          "[%s, {name: http, port: %d, protocol: HTTP}]"
              .formatted(listener("a", first, ""), second));
      cluster.http(
          "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: one, port: 80}]}]}");
      cluster.becomes("False/" + row[2], () -> cluster.gateway("gate", "a", "ResolvedRefs"));
      assertThat(cluster.gateway("gate", "a", "Accepted")).isEqualTo("False/NoValidCACertificate");
      assertThat(cluster.gateway("gate", "a", "Programmed")).startsWith("False/");
      cluster.becomes("True/Programmed", () -> cluster.gateway("gate", "http", "Programmed"));
      cluster.becomes("200 one /", () -> cluster.ask(second, "GET", "example.org", "/"));
      assertThat(ask(first, "example.org", null)).isEqualTo("refused");
    }
  }

  @Test
  void aRequestForWhatIsAnotherListenersIsMisdirected() throws Exception {
    cluster.gateway(
        "gate",
        "[%s, %s, %s, %s]"
            .formatted(
                listener("any", first, ""),
                listener("named", first, "second-example.org"),
                listener("wild", first, "*.wildcard.org"),
                listener("within", first, "fourth-example.wildcard.org")));
    route("one", "any", "[example.org]", "one");
    route("two", "named", "[]", "two");
    route("three", "wild", "[]", "three");
    route("four", "within", "[]", "four");
    for (String kind : new String[] {"one", "two", "three", "four"}) {
      cluster.becomes("True/Accepted", () -> cluster.parent(HTTP_ROUTES, kind, "Accepted"));
    }
    String[][] rows = {
      {"example.org", "example.org", "200 one /"},
      {"example.org", "second-example.org", "421"},
      {"example.org", "unknown-example.org", "404"},
      {"second-example.org", "second-example.org", "200 two /"},
      {"second-example.org", "example.org", "421"},
      {"second-example.org", "unknown-example.org", "421"},
      {"third-example.wildcard.org", "third-example.wildcard.org", "200 three /"},
      {"third-example.wildcard.org", "fith-example.wildcard.org", "200 three /"},
      {"third-example.wildcard.org", "fourth-example.wildcard.org", "421"},
      {"third-example.wildcard.org", "second-example.org", "421"},
      {"third-example.wildcard.org", "unknown-example.org", "421"},
      {"fourth-example.wildcard.org", "fourth-example.wildcard.org", "200 four /"},
      {"fourth-example.wildcard.org", "fith-example.wildcard.org", "421"},
      {"unknown-example.org", "example.org", "200 one /"},
      {"unknown-example.org", "unknown-example.org", "404"},
    };
    for (String[] row : rows) {
      cluster.becomes(
          row[2], () -> cluster.askByTls(first, row[0], row[1], "/").split(" host", 2)[0]);
    }
  }

  @Test
  void aGatewayThatMovesToAnotherClassWaitsForItsController() throws Exception {
    cluster.gatewayClass("foreign", "example.com/other");
    cluster.gateway("gate");
    cluster.http(
        "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: one, port: 80}]}]}");
    cluster.becomes("True/Programmed", () -> cluster.gateway("gate", "", "Programmed"));
    cluster.becomes("True/Accepted", () -> cluster.parent(HTTP_ROUTES, "r", "Accepted"));
    cluster.patch(GATEWAYS, "gate", "{spec: {gatewayClassName: foreign}}");
    cluster.becomes("Unknown/Pending", () -> cluster.gateway("gate", "", "Programmed"));
    assertThat(cluster.live().api().get(GATEWAYS, "default", "gate").structs("status", "listeners"))
        .isEmpty();
    cluster.becomes("", () -> cluster.parent(HTTP_ROUTES, "r", "Accepted"));
    cluster.patch(GATEWAYS, "gate", "{spec: {gatewayClassName: own}}");
    cluster.becomes("True/Programmed", () -> cluster.gateway("gate", "", "Programmed"));
  }
}
