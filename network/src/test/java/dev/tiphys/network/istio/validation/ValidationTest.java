package dev.tiphys.network.istio.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.network.LiveApi;
import dev.tiphys.network.istio.IstioResources;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused, and in which words.
class ValidationTest {

  private static final String TO = "route: [{destination: {host: a}}]";

  private static Validation http(String route) {
    return Validation.of(
        Yaml.struct(
            "{kind: VirtualService, spec: {hosts: [a], http: [{%s}]}}"
                .formatted(route.replace("TO", TO))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TO | ``",
        "name: a | HTTP route or redirect is required",
        "TO, redirect: {uri: /} | HTTP route cannot contain both route and redirect",
        "redirect: {uri: /}, fault: {delay: {fixedDelay: 1s}} | HTTP route cannot contain both fault and redirect",
        "redirect: {uri: /}, rewrite: {uri: /} | HTTP route rule cannot contain both rewrite and redirect",
        "redirect: {} | redirect must specify URI, authority, scheme, or port",
        "TO, mirrorPercentage: {value: 101} | mirror_percentage must have a max value of 100 (it has 101.000000)",
        "TO, mirrorPercentage: {value: -1} | mirror_percentage must have a min value of 0 (it has -1.000000)",
        "TO, match: [{headers: {x: null}}] | header match x cannot be null",
        "TO, match: [{port: 70000}] | port number 70000 must be in the range 1..65535",
        "TO, match: [{sourceNamespace: A_}] | sourceNamespace match A_ is invalid",
        "name: r, delegate: {name: d}, TO | root HTTP route r must not specify route",
        "name: r, delegate: {name: d}, redirect: {uri: /} | root HTTP route r must not specify redirect",
        "delegate: {name: d}, match: [{uri: {regex: a}}] | url match does not support regex match for delegating",
        "TO, rewrite: {authority: a}, headers: {request: {set: {host: b}}} | authority header cannot be set multiple times: have \"a\", attempting to set \"b\"",
        "TO, fault: {} | HTTP fault injection must have an abort and/or a delay",
        "TO, fault: {abort: {httpStatus: 503, percentage: {value: 101}}} | percentage 101 is not in range 0..100",
        "TO, retries: {attempts: 1, retryOn: often} | often is not a valid retryOn policy",
        "TO, retries: {attempts: 0, retryOn: 5xx} | http retry policy configured when attempts are set to 0 (disabled)",
        "route: [{destination: {host: a}, weight: -1}] | weight -1 < 0",
        "route: [{destination: {host: a}}, {destination: {host: b}}] | total destination weight = 0",
        "route: [{destination: {host: a}, weight: 2}, {destination: {host: b}, weight: 1}] | ``"
      })
  void routesAreRefusedInUpstreamsWords(String route, String expected) {
    assertThat(http(route).message()).isEqualTo(expected);
  }

  @Test
  void severalErrorsAreListed() {
    assertThat(http("TO, fault: {}, rewrite: {}").message())
        .isEqualTo(
            """
            2 errors occurred:
            \t* HTTP fault injection must have an abort and/or a delay
            \t* rewrite must specify URI, UriRegexRewrite, or authority

            """);
  }

  @Test
  void anExpressionThatCannotBeReadIsRefused() {
    assertThat(http("TO, match: [{uri: {regex: '('}}]").message())
        .startsWith("\"uri\": error parsing regexp: missing closing )")
        .endsWith(
            "Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)");
  }

  @Test
  void whatIsDeprecatedOrNeverReachedIsWarnedOf() {
    assertThat(http("TO, mirrorPercent: 5").warnings())
        .containsExactly(
            "using deprecated setting \"mirrorPercent\", use \"mirrorPercentage\" instead");
    Validation two =
        Validation.of(
            Yaml.struct(
                "{kind: VirtualService, spec: {hosts: [a], http: [{%1$s}, {%1$s}]}}"
                    .formatted(TO)));
    assertThat(two.errors()).isEmpty();
    assertThat(two.warnings())
        .containsExactly(
            "virtualService rule #0 not used (only the last rule can have no matches)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "VirtualService | {hosts: ['*'], http: [{TO}]} | wildcard host * is not allowed for virtual services bound to the mesh gateway",
        "VirtualService | {hosts: ['*'], gateways: [g], http: [{TO}]} | ``",
        "VirtualService | {hosts: [a]} | http, tcp or tls must be provided in virtual service",
        "VirtualService | {gateways: [g], http: [{TO}]} | delegate virtual service must have no gateways specified",
        "VirtualService | {http: [{delegate: {name: x}}]} | delegate HTTP route cannot contain delegate",
        "DestinationRule | {host: a, subsets: [{name: v1}, {name: v1}]} | duplicate subset names: v1",
        "Gateway | {} | gateway must have at least one server",
        "Gateway | {servers: [{hosts: ['*'], port: {number: 1, name: a, protocol: TCP}, tls: {mode: SIMPLE, credentialName: a}}]} | server cannot have TLS settings for non HTTPS/TLS ports",
        "Gateway | {servers: [{hosts: ['*'], port: {number: 1, name: a, protocol: SMTP}}]} | invalid protocol \"SMTP\", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP",
        "Gateway | {servers: [{hosts: ['*'], port: {number: 1, name: a, protocol: HTTPS}, tls: {mode: MUTUAL}}]} | MUTUAL TLS requires a client CA bundle",
        "Gateway | {servers: [{hosts: ['*'], port: {number: 1, name: a, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL, credentialName: a}}]} | ISTIO_MUTUAL TLS cannot have associated credentialName",
        "Gateway | {servers: [{hosts: ['*'], port: {number: 1, name: a, protocol: HTTPS}, tls: {mode: OPTIONAL_MUTUAL, credentialName: a}}]} | ``",
        "VirtualService | {hosts: [a], tcp: [{match: [{port: 1}]}]} | TCP route is required",
        "VirtualService | {hosts: [a], tcp: [{match: [{destinationSubnets: [10.0.0.0/33]}], TO}]} | 10.0.0.0/33 is not a valid CIDR block",
        "VirtualService | {hosts: [a], tcp: [{match: [{destinationSubnets: [ten]}], TO}]} | ten is not a valid IP",
        "VirtualService | {hosts: [a], tls: [{TO}]} | TLS route must have at least one match condition",
        "VirtualService | {hosts: [a], tls: [{match: [{sniHosts: [b]}], TO}]} | SNI host \"b\" is not a compatible subset of any of the virtual service hosts: [a]",
        "VirtualService | {hosts: ['*.a.org', c], tls: [{match: [{sniHosts: [b.a.org, '*.x.a.org', '*.a.org']}], TO}]} | ``",
        "VirtualService | {hosts: [a], exportTo: [b, b], http: [{TO}]} | duplicate entries in exportTo for entry b",
        "VirtualService | {hosts: [a], exportTo: ['*', b], http: [{TO}]} | cannot have both public (*) and non-public exportTo values for a resource",
        "DestinationRule | {host: a, exportTo: [A_]} | only .,*, or a valid DNS 1123 label is allowed as exportTo entry"
      })
  void objectsAreRefusedInUpstreamsWords(String kind, String spec, String expected) {
    assertThat(
            Validation.of(
                    Yaml.struct("{kind: %s, spec: %s}".formatted(kind, spec.replace("TO", TO))))
                .message()
                .split("\n", -1))
        .anyMatch(line -> line.replace("\t* ", "").equals(expected));
  }

  @Test
  void theApiServerRefusesInTheNameOfTheWebhook() throws Exception {
    try (LiveApi api = new LiveApi()) {
      api.define(IstioResources.definitions(), IstioResources.ALL);
      api.review(
          Validation.WEBHOOK,
          IstioResources.VIRTUAL_SERVICES,
          object -> Validation.of(object).refusal());
      assertThatThrownBy(
              () ->
                  api.apply(
                      IstioResources.VIRTUAL_SERVICES,
                      "{metadata: {name: bad}, spec: {hosts: [a], http: [{name: a}]}}"))
          .hasMessage(
              "admission webhook \"validation.istio.io\" denied the request: configuration is"
                  + " invalid: HTTP route or redirect is required");
      api.apply(
          IstioResources.VIRTUAL_SERVICES,
          "{metadata: {name: good}, spec: {hosts: [a], http: [{%s}]}}".formatted(TO));
    }
  }
}
