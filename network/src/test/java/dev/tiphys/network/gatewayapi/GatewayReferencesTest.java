package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.BACKEND_TLS_POLICIES;
import static dev.tiphys.network.gatewayapi.GatewayResources.GATEWAYS;
import static dev.tiphys.network.gatewayapi.GatewayResources.HTTP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.REFERENCE_GRANTS;
import static dev.tiphys.network.gatewayapi.GatewayResources.TCP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.TLS_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Question;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.TestPorts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Gateways, routes and policies name: Services of all types, Secrets and Services of other
/// namespaces, and listeners.
final class GatewayReferencesTest {

  private GatewayCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    cluster.namespace("other", "{}");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void grant(String from, String to) {
    cluster
        .live()
        .apply(
            REFERENCE_GRANTS,
            "{metadata: {name: g, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, %s}], to: [%s]}}"
                .formatted(from, to));
  }

  @Test
  void servicesOfAllTypesAreBackends() throws Exception {
    cluster.gateway("gate");
    String[] services = {
      "headless, spec: {clusterIP: None, selector: {app: a}, ports: [{name: http, port: 80}]}",
      "manual, spec: {ports: [{name: http, port: 80}]}",
      "headless-manual, spec: {clusterIP: None, ports: [{name: http, port: 80}]}",
    };
    StringBuilder rules = new StringBuilder();
    for (String each : services) {
      String name = each.split(",", 2)[0];
      cluster
          .live()
          .apply(
              ApiResource.SERVICES,
              "{metadata: {name: %s}, %s}".formatted(name, each.split(",", 2)[1]));
      cluster
          .live()
          .apply(
              ApiResource.ENDPOINT_SLICES,
              """
              metadata: {name: %1$s-a, labels: {kubernetes.io/service-name: %1$s}}
              addressType: IPv4
              ports: [{name: http, port: %2$d}]
              endpoints: [{addresses: [10.244.0.1], conditions: {ready: true}}]
              """
                  .formatted(name, cluster.pod(name)));
      rules.append(
          "{matches: [{path: {value: /%1$s}}], backendRefs: [{name: %1$s, port: 80}]},"
              .formatted(name));
    }
    cluster.http("r", "{parentRefs: [{name: gate}], rules: [%s]}".formatted(rules));
    for (String each : services) {
      String name = each.split(",", 2)[0];
      cluster.comes("200 " + name + " /" + name, "h", "/" + name);
    }
    cluster.becomes("True/ResolvedRefs", () -> cluster.parent(HTTP_ROUTES, "r", "ResolvedRefs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: Gateway, namespace: default   | {group: '', kind: Secret}              | True/ResolvedRefs",
        "kind: Gateway, namespace: default   | {group: '', kind: Secret, name: cert}  | True/ResolvedRefs",
        "kind: Gateway, namespace: default   | {group: '', kind: Secret, name: other} | False/RefNotPermitted",
        "kind: Gateway, namespace: default   | {group: '', kind: Service}             | False/RefNotPermitted",
        "kind: Gateway, namespace: other     | {group: '', kind: Secret}              | False/RefNotPermitted",
        "kind: HTTPRoute, namespace: default | {group: '', kind: Secret}              | False/RefNotPermitted",
      })
  void aSecretOfAnotherNamespaceNeedsAGrantThatFits(String from, String to, String expected)
      throws Exception {
    cluster.certificate("other", "cert", "x.org");
    grant(from, to);
    cluster.gateway(
        "gate",
        "[{name: l, port: %d, protocol: HTTPS, tls: {certificateRefs: [{name: cert, namespace: other}]}}]"
            .formatted(TestPorts.free()));
    cluster.becomes(expected, () -> cluster.gateway("gate", "l", "ResolvedRefs"));
    assertThat(cluster.gateway("gate", "l", "Programmed"))
        .isEqualTo(expected.startsWith("True") ? "True/Programmed" : "False/Invalid");
  }

  @Test
  void aRouteWithoutASectionIsAtAllListenersThatTakeIt() throws Exception {
    int second = TestPorts.free();
    cluster.service("a");
    cluster.gateway(
        "gate",
        "[{name: one, port: %d, protocol: TCP}, {name: two, port: %d, protocol: TCP}]"
            .formatted(cluster.port(), second));
    cluster.route(
        TCP_ROUTES,
        "r",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.comes("200 a /", "h", "/");
    cluster.comesAt(second, "200 a /", "h", "/");
    cluster.becomes("1 1", this::attached);
  }

  private String attached() {
    Struct status = cluster.live().api().get(GATEWAYS, "default", "gate").struct("status");
    return GatewayCluster.listener(status, "one").integer("attachedRoutes")
        + " "
        + GatewayCluster.listener(status, "two").integer("attachedRoutes");
  }

  @Test
  void connectionsToAServiceOfAnotherNamespaceNeedAGrant() throws Exception {
    cluster.service("other", "a", cluster.pod("a"), "");
    cluster.gateway("gate", "[{name: l, port: %d, protocol: TCP}]".formatted(cluster.port()));
    cluster.route(
        TCP_ROUTES,
        "r",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, namespace: other, port: 80}]}]}");
    cluster.becomes("False/RefNotPermitted", () -> cluster.parent(TCP_ROUTES, "r", "ResolvedRefs"));
    grant("kind: TCPRoute, namespace: default", "{group: '', kind: Service, name: a}");
    cluster.becomes("True/ResolvedRefs", () -> cluster.parent(TCP_ROUTES, "r", "ResolvedRefs"));
    cluster.comes("200 a /", "h", "/");
    cluster.delete(REFERENCE_GRANTS, "other", "g");
    cluster.becomes("False/RefNotPermitted", () -> cluster.parent(TCP_ROUTES, "r", "ResolvedRefs"));
    assertThat(Question.refusedOr(() -> cluster.get("h", "/"))).isEqualTo("refused");
  }

  @ParameterizedTest
  @CsvSource({
    "abc.example.com, *.example.com,     abc.example.com,   non.matching.com",
    "*.example.com,   abc.example.com,   abc.example.com,   other.example.com",
    "*.example.com,   *.com,             other.example.com, other.com",
    "*.com,           abc.example.com,   abc.example.com,   other.example.com",
    "*.com,           *.example.com,     other.example.com, other.com",
    "'',              abc.example.com,   abc.example.com,   non.matching.com",
    "'',              *.example.com,     any.example.com,   non.matching.com",
  })
  void tlsGoesByTheNamesThatListenerAndRouteShare(
      String listener, String route, String served, String closed) throws Exception {
    int port = TestPorts.free();
    cluster.service("default", "a", cluster.securePod("a", served), "");
    cluster.gateway(
        "gate",
        "[{name: l, port: %d, protocol: TLS, %s tls: {mode: Passthrough}}]"
            .formatted(port, listener.isEmpty() ? "" : "hostname: '" + listener + "',"));
    cluster.route(
        TLS_ROUTES,
        "r",
        "{parentRefs: [{name: gate}], hostnames: ['%s'], rules: [{backendRefs: [{name: a, port: 80}]}]}"
            .formatted(route));
    cluster.becomes("200 a /", () -> cluster.askByTls(port, served, served, "/"));
    assertThat(Question.refusedOr(() -> cluster.askByTls(port, closed, closed, "/")))
        .isEqualTo("refused");
  }

  @Test
  void aListenerThatEndsTlsTakesRoutesOfTls() throws Exception {
    cluster.certificate("default", "cert", "x.org");
    String listener =
        "[{name: l, port: %d, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: cert}]}%s}]";
    int port = TestPorts.free();
    cluster.gateway("gate", listener.formatted(port, ""));
    cluster.becomes("True/ResolvedRefs", () -> cluster.gateway("gate", "l", "ResolvedRefs"));
    assertThat(kinds()).containsExactly("TLSRoute");
    cluster.gateway(
        "gate",
        listener.formatted(
            port, ", allowedRoutes: {kinds: [{kind: HTTPRoute}, {kind: TLSRoute}]}"));
    cluster.becomes("False/InvalidRouteKinds", () -> cluster.gateway("gate", "l", "ResolvedRefs"));
    assertThat(kinds()).containsExactly("TLSRoute");
  }

  private List<String> kinds() {
    Struct status = cluster.live().api().get(GATEWAYS, "default", "gate").struct("status");
    return GatewayCluster.listener(status, "l").structs("supportedKinds").stream()
        .map(each -> each.string("kind"))
        .toList();
  }

  @Test
  void whatIsSaidOfAPolicyFollowsItsGeneration() throws Exception {
    cluster.service("a");
    cluster.gateway("gate");
    cluster.http(
        "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.authority("default", "known", cluster.authority());
    for (String host : new String[] {"one.org", "two.org"}) {
      cluster
          .live()
          .apply(
              BACKEND_TLS_POLICIES,
              "{metadata: {name: p}, spec: {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: %s,"
                      .formatted(host)
                  + " caCertificateRefs: [{group: '', kind: ConfigMap, name: known}]}}}");
      cluster.live().eventually(this::isSaidOfTheNewest);
    }
    assertThat(Meta.of(cluster.live().api().get(BACKEND_TLS_POLICIES, "default", "p")).generation())
        .isEqualTo(2);
  }

  private boolean isSaidOfTheNewest() {
    Struct policy = cluster.live().api().get(BACKEND_TLS_POLICIES, "default", "p");
    List<Struct> ancestors = policy.structs("status", "ancestors");
    return !ancestors.isEmpty()
        && ancestors.getFirst().structs("conditions").stream()
            .allMatch(each -> each.integer("observedGeneration") == Meta.of(policy).generation());
  }
}
