package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.BACKEND_TLS_POLICIES;
import static dev.tiphys.network.gatewayapi.GatewayResources.GATEWAYS;
import static dev.tiphys.network.gatewayapi.GatewayResources.GATEWAY_CLASSES;
import static dev.tiphys.network.gatewayapi.GatewayResources.GRPC_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.HTTP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.REFERENCE_GRANTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.network.Question;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.TestPorts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said in the status of Gateways, routes and policies, and what TLS is.
final class GatewaysTest {

  private GatewayCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    cluster.service("a");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void classSaysWhatIsServedAndOthersAreLeftAlone() throws Exception {
    cluster.gatewayClass("foreign", "example.com/other");
    cluster
        .live()
        .apply(
            GATEWAYS,
            "{metadata: {name: foreign}, spec: {gatewayClassName: foreign, listeners: [{name: l, port: %d, protocol: HTTP}]}}"
                .formatted(cluster.port()));
    cluster.http(
        "both",
        "{parentRefs: [{name: gate}, {name: foreign}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.gateway("gate");
    cluster.becomes("True/Programmed", () -> cluster.gateway("gate", "", "Programmed"));
    cluster.becomes(
        "True/Accepted",
        () ->
            GatewayCluster.said(
                cluster
                    .live()
                    .api()
                    .get(GATEWAY_CLASSES, "", "own")
                    .structs("status", "conditions"),
                "Accepted"));
    Struct own = cluster.live().api().get(GATEWAY_CLASSES, "", "own");
    List<String> features =
        own.structs("status", "supportedFeatures").stream().map(e -> e.string("name")).toList();
    assertThat(features).contains("HTTPRoute", "TLSRoute", "TCPRoute").isSorted();
    cluster.becomes("True/Accepted", () -> cluster.parent(HTTP_ROUTES, "both", "Accepted"));
    Struct route = cluster.live().api().get(HTTP_ROUTES, "default", "both");
    assertThat(route.structs("status", "parents")).hasSize(1);
    assertThat(
            GatewayCluster.said(
                cluster
                    .live()
                    .api()
                    .get(GATEWAY_CLASSES, "", "foreign")
                    .structs("status", "conditions"),
                "Accepted"))
        .isNotEqualTo("True/Accepted");
    assertThat(cluster.gateway("foreign", "", "Programmed")).isNotEqualTo("True/Programmed");
  }

  @Test
  void statusFollowsWhatIsAttachedAndIsPutRight() throws Exception {
    cluster.gateway("gate");
    cluster.http(
        "one", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.becomes("1", () -> attached("http"));
    Struct gateway = cluster.live().api().get(GATEWAYS, "default", "gate");
    assertThat(gateway.structs("status", "addresses").getFirst().string("value"))
        .isEqualTo(GatewayCluster.LOOPBACK.getHostAddress());
    assertThat(GatewayCluster.listener(gateway.struct("status"), "http").structs("supportedKinds"))
        .extracting(each -> each.string("kind"))
        .containsExactly("HTTPRoute", "GRPCRoute");
    Struct other =
        Struct.of("controllerName", "example.com/other")
            .with("parentRef", Struct.of("name", "else"))
            .with(
                "conditions",
                List.of(
                    Struct.of("type", "Accepted", "status", "True")
                        .with("reason", "Accepted")
                        .with("message", "")
                        .with("lastTransitionTime", "2026-01-01T00:00:00Z")));
    Struct status = Struct.of("status", Struct.of("parents", List.of(other)));
    cluster.live().api().patch(HTTP_ROUTES, "default", "one", "status", PatchType.MERGE, status);
    cluster.becomes("2", () -> parents("one"));
    cluster.patch(HTTP_ROUTES, "one", "{spec: {parentRefs: [{name: gone}]}}");
    cluster.becomes("0", () -> attached("http"));
    cluster.becomes("1", () -> parents("one"));
    cluster.patch(HTTP_ROUTES, "one", "{spec: {parentRefs: [{name: gate}]}}");
    cluster
        .live()
        .eventually(
            () -> {
              Struct now = cluster.live().api().get(HTTP_ROUTES, "default", "one");
              List<Struct> parents = now.structs("status", "parents");
              return parents.size() == 2
                  && parents.get(1).structs("conditions").getFirst().integer("observedGeneration")
                      == Meta.of(now).generation();
            });
  }

  private String attached(String listener) {
    Struct status = cluster.live().api().get(GATEWAYS, "default", "gate").struct("status");
    return Long.toString(GatewayCluster.listener(status, listener).integer("attachedRoutes"));
  }

  private String parents(String route) {
    Struct object = cluster.live().api().get(HTTP_ROUTES, "default", route);
    return Integer.toString(object.structs("status", "parents").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: l, port: 1, protocol: UDP}      | Accepted     | False/UnsupportedProtocol",
        "{name: l, port: 1, protocol: a.b/C}    | Accepted     | False/UnsupportedProtocol",
        "{name: l, port: FREE, protocol: HTTPS, tls: {certificateRefs: [{name: none}]}} | ResolvedRefs | False/InvalidCertificateRef",
        "{name: l, port: FREE, protocol: HTTPS, tls: {certificateRefs: [{name: none}]}} | Programmed | False/Invalid",
        "{name: l, port: FREE, protocol: HTTPS, tls: {certificateRefs: [{kind: Other, name: cert}]}} | ResolvedRefs | False/InvalidCertificateRef",
        "{name: l, port: FREE, protocol: HTTPS, tls: {certificateRefs: [{name: far, namespace: other}]}} | ResolvedRefs | False/RefNotPermitted",
        "{name: l, port: FREE, protocol: HTTP, allowedRoutes: {kinds: [{kind: TCPRoute}]}} | ResolvedRefs | False/InvalidRouteKinds",
        "{name: l, port: FREE, protocol: TLS, tls: {mode: Passthrough}, allowedRoutes: {kinds: [{kind: TCPRoute}, {kind: TLSRoute}]}}"
            + " | ResolvedRefs | False/InvalidRouteKinds",
        "{name: l, port: PORT, protocol: TCP}   | Conflicted   | True/ProtocolConflict",
        "{name: l, port: PORT, protocol: HTTP, hostname: x.org} | Conflicted | False/NoConflicts",
      })
  void listenersSayWhatIsWrong(String listener, String type, String expected) throws Exception {
    cluster.certificate("default", "cert", "x.org");
    String free = Integer.toString(TestPorts.free());
    cluster.gateway(
        "gate",
        "[{name: good, port: %d, protocol: HTTP}, %s]"
            .formatted(
                cluster.port(),
                listener.replace("PORT", Integer.toString(cluster.port())).replace("FREE", free)));
    cluster.becomes(expected, () -> cluster.gateway("gate", "l", type));
    String accepted = cluster.gateway("gate", "", "Accepted");
    boolean valid = !type.equals("Accepted") && !expected.startsWith("True");
    assertThat(accepted).isEqualTo(valid ? "True/Accepted" : "True/ListenersNotValid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: gate}                               | default | True/Accepted",
        "{name: gate, sectionName: own}             | default | True/Accepted",
        "{name: gate, sectionName: none}            | default | False/NoMatchingParent",
        "{name: gate, port: 1}                      | default | False/NoMatchingParent",
        "{name: gate, sectionName: own, port: 1}    | default | False/NoMatchingParent",
        "{name: gate, sectionName: tcp}             | default | False/NotAllowedByListeners",
        "{name: gate, namespace: default}           | other   | True/Accepted",
        "{name: gate, namespace: default, sectionName: own}      | other | False/NotAllowedByListeners",
        "{name: gate, namespace: default, sectionName: labelled} | other | True/Accepted",
        "{name: gate, namespace: default, sectionName: labelled} | third | False/NotAllowedByListeners",
      })
  void routesAreAttachedWhereListenersTakeThem(String ref, String namespace, String expected)
      throws Exception {
    cluster.namespace("other", "{team: red}");
    cluster.namespace("third", "{team: blue}");
    cluster.gateway(
        "gate",
        """
        [{name: own, port: %1$d, protocol: HTTP, hostname: own.org},
         {name: every, port: %1$d, protocol: HTTP, hostname: every.org, allowedRoutes: {namespaces: {from: All}}},
         {name: labelled, port: %1$d, protocol: HTTP, hostname: label.org,
          allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: red}}}}},
         {name: tcp, port: %2$d, protocol: TCP}]
        """
            .formatted(cluster.port(), TestPorts.free()));
    cluster
        .live()
        .apply(
            HTTP_ROUTES,
            "{metadata: {name: r, namespace: %s}, spec: {parentRefs: [%s], rules: [{backendRefs: [{name: a, port: 80}]}]}}"
                .formatted(namespace, ref));
    cluster.becomes(
        expected,
        () -> {
          Struct route = cluster.live().api().get(HTTP_ROUTES, namespace, "r");
          return GatewayCluster.said(
              route.structs("status", "parents").getFirst().structs("conditions"), "Accepted");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "infrastructure: {parametersRef: {group: g, kind: K, name: some}} | InvalidParameters",
        "addresses: [{type: Hostname, value: a.org}]                      | UnsupportedAddress",
      })
  void whatIsNotAcceptedIsNotServed(String field, String reason) throws Exception {
    cluster.gateway("gate");
    cluster.http(
        "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.comes("200 a /", "h", "/");
    cluster.patch(GATEWAYS, "gate", "{spec: {%s}}".formatted(field));
    cluster.becomes("False/" + reason, () -> cluster.gateway("gate", "", "Accepted"));
    assertThat(cluster.gateway("gate", "", "Programmed")).isEqualTo("False/Invalid");
    assertThat(cluster.gateway("gate", "http", "Programmed")).isEqualTo("False/Invalid");
    assertThat(Question.refusedOr(() -> cluster.get("h", "/"))).isEqualTo("refused");
  }

  @Test
  void certificatesAreThoseOfTheListenerAndAreReplaced() throws Exception {
    int secure = TestPorts.free();
    cluster.certificate("default", "one", "one.org");
    cluster.namespace("other", "{}");
    cluster.certificate("other", "wild", "a.wild.org");
    cluster.gateway(
        "gate",
        """
        [{name: one, port: %1$d, protocol: HTTPS, hostname: one.org, tls: {certificateRefs: [{name: one}]}},
         {name: wild, port: %1$d, protocol: HTTPS, hostname: '*.wild.org', tls: {certificateRefs: [{name: wild, namespace: other}]}}]
        """
            .formatted(secure));
    cluster.http(
        "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.becomes("200 a /", () -> cluster.askByTls(secure, "one.org", "one.org", "/"));
    cluster.becomes("False/RefNotPermitted", () -> cluster.gateway("gate", "wild", "ResolvedRefs"));
    cluster
        .live()
        .apply(
            REFERENCE_GRANTS,
            "{metadata: {name: g, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, kind: Gateway,"
                + " namespace: default}], to: [{group: '', kind: Secret}]}}");
    cluster.becomes("CN=a.wild.org", () -> shown(secure, "x.y.wild.org"));
    cluster.certificate("default", "one", "renewed.org");
    cluster.becomes("CN=renewed.org", () -> shown(secure, "one.org"));
  }

  private String shown(int port, String name) throws Exception {
    try (var socket = cluster.peers().connect(port, name)) {
      return socket.getSession().getPeerPrincipal().getName();
    }
  }

  @Test
  void endpointsAreVerifiedByTheirPolicy() throws Exception {
    cluster.service("default", "secure", cluster.securePod("secure", "inside.org"), "");
    cluster.gateway("gate");
    cluster.http(
        "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: secure, port: 80}]}]}");
    authority("good", cluster.authority());
    authority("bad", Authority.found(cluster.live().world(), "another"));
    policy("{hostname: inside.org, caCertificateRefs: [{group: '', kind: ConfigMap, name: good}]}");
    cluster.comes("200 secure /", "h", "/");
    cluster.becomes("True/Accepted", () -> ancestor("Accepted"));
    policy(
        "{hostname: outside.org, caCertificateRefs: [{group: '', kind: ConfigMap, name: good}]}");
    cluster.comes("503", "h", "/");
    policy(
        "{hostname: outside.org, caCertificateRefs: [{group: '', kind: ConfigMap, name: good}],"
            + " subjectAltNames: [{type: Hostname, hostname: inside.org}]}");
    cluster.comes("200 secure /", "h", "/");
    policy("{hostname: inside.org, caCertificateRefs: [{group: '', kind: ConfigMap, name: bad}]}");
    cluster.comes("503", "h", "/");
    policy("{hostname: inside.org, caCertificateRefs: [{group: '', kind: ConfigMap, name: none}]}");
    cluster.comes("500", "h", "/");
    cluster.becomes("False/NoValidCACertificate", () -> ancestor("Accepted"));
    cluster.becomes("False/InvalidCACertificateRef", () -> ancestor("ResolvedRefs"));
    policy("{hostname: inside.org, caCertificateRefs: [{group: '', kind: Secret, name: good}]}");
    cluster.becomes("False/InvalidKind", () -> ancestor("ResolvedRefs"));
    cluster
        .live()
        .apply(
            BACKEND_TLS_POLICIES,
            "{metadata: {name: zz}, spec: {targetRefs: [{group: '', kind: Service, name: secure}], validation: {hostname: a,"
                + " wellKnownCACertificates: System}}}");
    cluster.becomes("False/Conflicted", () -> ancestor("zz", "Accepted"));
  }

  private void authority(String name, Authority authority) {
    cluster
        .live()
        .apply(
            ApiResource.CONFIG_MAPS,
            "metadata: {name: %s}\ndata:\n  ca.crt: |\n%s"
                .formatted(name, Pem.of(List.of(authority.certificate())).indent(4)));
  }

  private void policy(String validation) {
    cluster
        .live()
        .apply(
            BACKEND_TLS_POLICIES,
            "{metadata: {name: p}, spec: {targetRefs: [{group: '', kind: Service, name: secure}], validation: %s}}"
                .formatted(validation));
  }

  private String ancestor(String type) {
    return ancestor("p", type);
  }

  private String ancestor(String policy, String type) {
    List<Struct> ancestors =
        cluster
            .live()
            .api()
            .get(BACKEND_TLS_POLICIES, "default", policy)
            .structs("status", "ancestors");
    return GatewayCluster.said(ancestors.getFirst().structs("conditions"), type);
  }

  @Test
  void callsOfGrpcGoByServiceAndMethodAndShareNoHostWithHttp() throws Exception {
    cluster.gateway("gate");
    cluster.service("b");
    cluster.route(
        GRPC_ROUTES,
        "calls",
        """
        parentRefs: [{name: gate}]
        hostnames: [grpc.org]
        rules:
        - matches: [{method: {service: a.B, method: One}}]
          backendRefs: [{name: missing, port: 80}]
        - matches: [{method: {service: a.B}, headers: [{name: v, value: x}]}]
          filters: [{type: ExtensionRef, extensionRef: {group: g, kind: K, name: some}}]
        """);
    cluster.comes("503", "grpc.org", "/a.B/One");
    assertThat(cluster.get("grpc.org", "/a.B/Two")).as("without the header").isEqualTo("404");
    assertThat(cluster.get("grpc.org", "/a.B/Two", "v: x")).isEqualTo("503");
    cluster.live().eventually(() -> isLater("calls"));
    cluster.http(
        "pages",
        "{parentRefs: [{name: gate}], hostnames: ['*.org'], rules: [{backendRefs: [{name: b, port: 80}]}]}");
    cluster.becomes(
        "False/HostnameConflict", () -> cluster.parent(HTTP_ROUTES, "pages", "Accepted"));
  }

  private boolean isLater(String route) {
    String created =
        cluster
            .live()
            .api()
            .get(GRPC_ROUTES, "default", route)
            .string("metadata", "creationTimestamp");
    return cluster.live().world().now().minusSeconds(1).isAfter(java.time.Instant.parse(created));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTPRoute | http | b | {name: a, kind: Other, port: 80}          | ResolvedRefs | False/InvalidKind",
        "HTTPRoute | http | b | {name: a, group: g, port: 80}             | ResolvedRefs | False/InvalidKind",
        "HTTPRoute | http | b | {name: a, port: 81}                       | ResolvedRefs | False/BackendNotFound",
        "HTTPRoute | tls  | b | {name: a, port: 80}                       | Accepted     | False/NotAllowedByListeners",
        "GRPCRoute | http | b | {name: none, port: 80}                    | ResolvedRefs | False/BackendNotFound",
        "GRPCRoute | tcp  | b | {name: a, port: 80}                       | Accepted     | False/NotAllowedByListeners",
        "TLSRoute  | tls  | b | {name: a, port: 80}                       | Accepted     | True/Accepted",
        "TLSRoute  | tls  | c | {name: a, port: 80}                       | Accepted     | False/NoMatchingListenerHostname",
        "TLSRoute  | http | b | {name: a, port: 80}                       | Accepted     | False/NotAllowedByListeners",
        "TLSRoute  | none | b | {name: a, port: 80}                       | Accepted     | False/NoMatchingParent",
        "TLSRoute  | tls  | b | {name: none, port: 80}                    | ResolvedRefs | False/BackendNotFound",
        "TLSRoute  | tls  | b | {name: a, kind: Other, port: 80}          | ResolvedRefs | False/InvalidKind",
        "TLSRoute  | tls  | b | {name: a, namespace: other, port: 80}     | ResolvedRefs | False/RefNotPermitted",
        "TCPRoute  | tcp  | b | {name: a, port: 80}                       | ResolvedRefs | True/ResolvedRefs",
        "TCPRoute  | http | b | {name: a, port: 80}                       | Accepted     | False/NotAllowedByListeners",
        "TCPRoute  | tcp  | b | {name: none, port: 80}                    | ResolvedRefs | False/BackendNotFound",
        "TCPRoute  | tcp  | b | {name: a, namespace: other, port: 80}     | ResolvedRefs | False/RefNotPermitted",
      })
  void routesOfAllKindsSayWhatIsWrong(
      String kind, String section, String host, String backend, String type, String expected)
      throws Exception {
    cluster.gateway(
        "gate",
        """
        [{name: http, port: %d, protocol: HTTP}, {name: tcp, port: %d, protocol: TCP},
         {name: tls, port: %d, protocol: TLS, hostname: '*.b', tls: {mode: Passthrough}}]
        """
            .formatted(cluster.port(), TestPorts.free(), TestPorts.free()));
    ApiResource resource =
        GatewayResources.ROUTES.stream().filter(each -> each.kind().equals(kind)).findFirst().get();
    String hostnames = kind.equals("TCPRoute") ? "" : "hostnames: [a.%s], ".formatted(host);
    cluster.route(
        resource,
        "r",
        "{parentRefs: [{name: gate, sectionName: %s}], %srules: [{name: named, backendRefs: [%s]}]}"
            .formatted(section, hostnames, backend));
    cluster.becomes(expected, () -> cluster.parent(resource, "r", type));
  }
}
