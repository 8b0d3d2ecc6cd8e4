package dev.tiphys.network.gatewayapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.LiveApi;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the kinds' schemas fill in and refuse.
final class GatewayResourcesTest {

  private static final LiveApi API = new LiveApi();

  @BeforeAll
  static void define() throws Exception {
    API.define(GatewayResources.definitions(), GatewayResources.ALL);
  }

  @AfterAll
  static void close() {
    API.close();
  }

  @Test
  void whatIsLeftOutIsFilledIn() {
    Struct route =
        API.apply(
            GatewayResources.HTTP_ROUTES,
            "{metadata: {name: filled}, spec: {parentRefs: [{name: a}], rules: [{backendRefs: [{name: b, port: 80}]}]}}");
    Struct rule = route.structs("spec", "rules").getFirst();
    assertEquals("PathPrefix", rule.structs("matches").getFirst().string("path", "type"));
    assertEquals(1, rule.structs("backendRefs").getFirst().integer("weight"));
    assertEquals("Service", rule.structs("backendRefs").getFirst().string("kind"));
    assertEquals("Gateway", route.structs("spec", "parentRefs").getFirst().string("kind"));
    Struct gateway =
        API.apply(
            GatewayResources.GATEWAYS,
            "{metadata: {name: filled}, spec: {gatewayClassName: c, listeners: [{name: l, port: 80, protocol: HTTP}]}}");
    assertEquals(
        "Same",
        gateway
            .structs("spec", "listeners")
            .getFirst()
            .string("allowedRoutes", "namespaces", "from"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTPRoute | {rules: [{filters: [{type: CORS}]}]} | filter.cors must be specified for CORS filter.type",
        "HTTPRoute | {rules: [{filters: [{type: URLRewrite, urlRewrite: {}}, {type: RequestRedirect, requestRedirect: {}}]}]}"
            + " | May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
        "HTTPRoute | {rules: [{backendRefs: [{name: a}]}]} | Must have port for Service reference",
        "HTTPRoute | {rules: [{matches: [{path: {value: //}}]}]} | must not contain '//' when type one of ['Exact', 'PathPrefix']",
        "HTTPRoute | {rules: [{matches: [{path: {value: '/a?b'}}]}]} | must only contain valid characters",
        "HTTPRoute | {rules: [{timeouts: {request: 1s, backendRequest: 2s}}]} | backendRequest timeout cannot be longer than request timeout",
        "HTTPRoute | {rules: [{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, urlRewrite: {path:"
            + " {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]}]} | exactly one PathPrefix match must be specified",
        "HTTPRoute | {rules: [{filters: [{type: RequestRedirect, requestRedirect: {}}], backendRefs: [{name: a, port: 1}]}]}"
            + " | RequestRedirect filter must not be used together with backendRefs",
        "HTTPRoute | {parentRefs: [{name: a}, {name: a, sectionName: b}]} | sectionName must be specified when",
        "HTTPRoute | {parentRefs: [{name: a, sectionName: b}, {name: a, sectionName: b}]} | sectionName must be unique when",
        "HTTPRoute | {hostnames: ['a.*.b']} | should match",
        "GRPCRoute | {rules: [{matches: [{method: {type: Exact}}]}]} | One or both of 'service' or 'method' must be specified",
        "GRPCRoute | {rules: [{matches: [{method: {service: 'a/b'}}]}]} | service must only contain valid characters",
        "TLSRoute | {hostnames: ['10.0.0.1'], rules: [{backendRefs: [{name: a, port: 1}]}]} | Hostnames cannot contain an IP",
        "Gateway | {gatewayClassName: a, listeners: [{name: a, port: 1, protocol: TLS}]} | tls mode must be set for protocol TLS",
        "Gateway | {gatewayClassName: a, listeners: [{name: a, port: 1, protocol: HTTP, tls: {options: {a: b}}}]} | tls must not be specified",
        "Gateway | {gatewayClassName: a, listeners: [{name: a, port: 1, protocol: TCP, hostname: a}]} | hostname must not be specified",
        "Gateway | {gatewayClassName: a, listeners: [{name: a, port: 1, protocol: HTTP}, {name: b, port: 1, protocol: HTTP}]}"
            + " | Combination of port, protocol and hostname must be unique",
        "Gateway | {gatewayClassName: a, listeners: [{name: a, port: 1, protocol: HTTPS, tls: {mode: Terminate}}]}"
            + " | certificateRefs or options must be specified when mode is Terminate",
        "BackendTLSPolicy | {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: a}}"
            + " | must specify either CACertificateRefs or WellKnownCACertificates",
        "BackendTLSPolicy | {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: a, wellKnownCACertificates: System,"
            + " subjectAltNames: [{type: URI}]}} | SubjectAltName element must contain URI, if Type is set to URI",
      })
  void whatCannotBeIsRefusedInWordsThatArePassedOn(String kind, String spec, String words) {
    ApiResource resource =
        GatewayResources.ALL.stream().filter(each -> each.kind().equals(kind)).findFirst().get();
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> API.apply(resource, "{metadata: {name: refused}, spec: %s}".formatted(spec)));
    assertEquals(
        true, refused.message().contains(words), () -> "refused otherwise: " + refused.message());
  }
}
