package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is served of Ingresses: hosts, paths, canaries, TLS.
class IngressControllerTest extends ServedIngresses {

  @Test
  void pathsAreFoundByTheirTypes() throws Exception {
    service("one");
    service("other");
    ingress(
        "paths",
        "",
        rule(
            "a.example.com",
            "Exact /foo one",
            "Prefix /foo/ one",
            "Prefix / other",
            "ImplementationSpecific /chars one"));
    comes("200 one /foo", "a.example.com", "/foo");
    assertThat(get("a.example.com", "/foo/")).isEqualTo("200 one /foo/");
    assertThat(get("A.Example.com:80", "/foo/bar?q")).isEqualTo("200 one /foo/bar?q");
    assertThat(get("a.example.com", "/foobar")).isEqualTo("200 other /foobar");
    assertThat(get("a.example.com", "/charset")).isEqualTo("200 one /charset");
    assertThat(get("b.example.com", "/")).isEqualTo("404");
  }

  @Test
  void aWildcardStandsForOneLabelAndARuleWithoutHostForAll() throws Exception {
    service("one");
    service("other");
    ingress("wildcard", "", rule("*.example.com", "Prefix / one"));
    ingress("any", "", rule("", "Prefix /any other"));
    comes("200 one /", "a.example.com", "/");
    comes("200 other /any", "x", "/any");
    assertThat(get("a.b.example.com", "/any")).isEqualTo("200 other /any");
    assertThat(get("a.b.example.com", "/")).isEqualTo("404");
  }

  @Test
  void onlyIngressesOfTheClassAreServed() throws Exception {
    service("one");
    api.apply(ApiResource.INGRESS_CLASSES, "{metadata: {name: theirs}, spec: {controller: x/y}}");
    ingress("own", "", rule("own", "Prefix / one"));
    api.apply(
        ApiResource.INGRESSES,
        "metadata: {name: theirs}\nspec:\n  ingressClassName: theirs\n"
            + rule("theirs", "Prefix / one").indent(2));
    api.apply(
        ApiResource.INGRESSES,
        "metadata: {name: old, annotations: {kubernetes.io/ingress.class: nginx}}\nspec:\n"
            + rule("old", "Prefix / one").indent(2));
    comes("200 one /", "own", "/");
    comes("200 one /", "old", "/");
    assertThat(get("theirs", "/")).isEqualTo("404");
  }

  @ParameterizedTest
  @CsvSource({
    "/something, 200 one /",
    "/something/, 200 one /",
    "/something/new?a=b, 200 one /new?a=b",
    "/SOMETHING/new, 200 one /new",
    "/somethingelse, 404",
  })
  void aPathIsRewritten(String target, String expected) throws Exception {
    service("one");
    ingress(
        "rewrite",
        "use-regex=true|rewrite-target=/$2",
        rule("a", "ImplementationSpecific /something(/|$)(.*) one"));
    comes("200 one /", "a", "/something");
    assertThat(get("a", target)).isEqualTo(expected);
  }

  /// kubernetes/ingress-nginx#8425 and #7586.
  @Test
  void aRewriteMakesExpressionsOfAllPathsOfItsHostAndOfNoOther() throws Exception {
    service("one");
    service("other");
    ingress("rewrite", "rewrite-target=/x", rule("a", "ImplementationSpecific /long/[a-z]+ one"));
    ingress("plain", "", rule("a", "Exact /ba other"));
    ingress("elsewhere", "", rule("b", "Exact /ba other"));
    comes("200 one /x", "a", "/long/path");
    comes("200 other /ba", "b", "/ba");
    comes("200 other /banana", "a", "/banana");
    assertThat(get("a", "/BA")).isEqualTo("200 other /BA");
    assertThat(get("b", "/banana")).isEqualTo("404");
    assertThat(get("b", "/BA")).isEqualTo("404");
  }

  /// kubernetes/ingress-nginx#4686: header before cookie before weight.
  @Test
  void aCanaryIsChosenByHeaderThenCookieThenWeight() throws Exception {
    service("main");
    service("canary");
    ingress("main", "", rule("a", "Prefix / main"));
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-cookie=canary|canary-weight=0",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/", "X-Canary: always");
    String[][] rows = {
      {"main", "X-Canary: never"},
      {"main", "X-Canary: other"},
      {"canary", "X-Canary: other", "Cookie: canary=always"},
      {"canary", "X-Canary: always", "Cookie: canary=never"},
      {"main", "X-Canary: never", "Cookie: canary=always"},
      {"main", "Cookie: canary=never"},
      {"main"},
    };
    for (String[] row : rows) {
      String[] headers = List.of(row).subList(1, row.length).toArray(String[]::new);
      assertThat(get("a", "/", headers)).as("%s", List.of(row)).isEqualTo("200 " + row[0] + " /");
    }
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-value=yes|canary-weight=100",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/");
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-value=yes",
        rule("a", "Prefix / canary"));
    comes("200 main /", "a", "/", "X-Canary: always");
    assertThat(get("a", "/", "X-Canary: yes")).isEqualTo("200 canary /");
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-pattern=^v[0-9]",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/", "X-Canary: v2-beta");
    assertThat(get("a", "/", "X-Canary: beta")).isEqualTo("200 main /");
  }

  @Test
  void aCanaryWithoutAPartnerIsNotServed() throws Exception {
    service("canary");
    ingress("canary", "canary=true|canary-weight=100", rule("a", "Prefix / canary"));
    ingress("marker", "", rule("b", "Prefix / canary"));
    comes("200 canary /", "b", "/");
    assertThat(get("a", "/")).isEqualTo("404");
  }

  @Test
  void theOlderOfTwoCounts() throws Exception {
    service("one");
    service("other");
    ingress("z", "", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
    api.world().sleep(Duration.ofMillis(1100)); // times of creation are in seconds
    ingress("a", "", rule("a", "Prefix / other", "Prefix /new other"));
    comes("200 other /new", "a", "/new");
    assertThat(get("a", "/")).isEqualTo("200 one /");
    api.delete(ApiResource.INGRESSES, "z");
    comes("200 other /", "a", "/");
  }

  @Test
  void aJsonPatchMovesTraffic() throws Exception {
    service("blue");
    service("green");
    ingress("app", "", rule("a", "Prefix / blue"));
    comes("200 blue /", "a", "/");
    Struct patched =
        api.api()
            .patch(
                ApiResource.INGRESSES,
                "default",
                "app",
                "",
                PatchType.JSON,
                List.of(
                    Struct.of(
                        "op",
                        "replace",
                        "path",
                        "/spec/rules/0/http/paths/0/backend/service/name",
                        "value",
                        "green")));
    comes("200 green /", "a", "/");
    Tables.awaitServed(api, edge, settings.http(), IngressController.FEEDER, patched);
  }

  @Test
  void withoutReadyEndpointsThereIsNoService() throws Exception {
    service("one");
    ingress("app", "", rule("a", "Prefix / one", "Prefix /missing missing"));
    comes("200 one /", "a", "/");
    assertThat(get("a", "/missing")).isEqualTo("503");
    int port = servers.getFirst().getAddress().getPort();
    slice("one", port, false);
    comes("503", "a", "/");
    slice("one", port, true);
    comes("200 one /", "a", "/");
  }

  @Test
  void aDefaultBackendTakesTheRest() throws Exception {
    service("one");
    service("rest");
    ingress(
        "app",
        "",
        "defaultBackend: {service: {name: rest, port: {name: web}}}\n"
            + rule("a", "Prefix /one one"));
    ingress("any", "", "defaultBackend: {service: {name: one, port: {name: web}}}\n");
    comes("200 rest /x", "a", "/x");
    comes("200 one /x", "elsewhere", "/x");
    assertThat(get("a", "/one")).isEqualTo("200 one /one");
  }

  @Test
  void redirectsAndTlsAreKept() throws Exception {
    service("one");
    Credential own = authority.issue(Subject.server("a", List.of("a")), Duration.ofHours(1));
    Base64.Encoder encoder = Base64.getEncoder();
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: a}, type: kubernetes.io/tls, data: {tls.crt: %s, tls.key: %s}}"
            .formatted(
                encoder.encodeToString(Pem.of(own.chain()).getBytes(StandardCharsets.UTF_8)),
                encoder.encodeToString(Pem.of(own.key()).getBytes(StandardCharsets.UTF_8))));
    ingress("secured", "", "tls: [{hosts: [a], secretName: a}]\n" + rule("a", "Prefix / one"));
    ingress(
        "open",
        "ssl-redirect=false",
        "tls: [{hosts: [b], secretName: a}]\n" + rule("b", "Prefix / one"));
    ingress("moved", "permanent-redirect=https://c.example.com", rule("c", "Prefix / one"));
    ingress("for-now", "temporal-redirect=https://d.example.com", rule("d", "Prefix / one"));
    ingress("rooted", "app-root=/app", rule("e", "Prefix / one"));
    comes("308 https://a/x?y", "a", "/x?y");
    comes("200 one /", "b", "/");
    comes("301 https://c.example.com", "c", "/");
    comes("302 https://d.example.com", "d", "/");
    comes("302 /app", "e", "/");
    assertThat(get("e", "/app")).isEqualTo("200 one /app");
  }

  @Test
  void whatCannotBeKeptIsSaidInAnEvent() throws Exception {
    service("one");
    ingress(
        "app",
        "configuration-snippet=x|canary-weight=many|proxy-read-timeout=5",
        rule("a", "Prefix / one"));
    ingress("bad", "use-regex=true", rule("b", "ImplementationSpecific /(?=x) one"));
    comes("200 one /", "a", "/");
    comes("404", "b", "/");
    for (String expected :
        List.of(
            "Normal Sync Scheduled for sync",
            "Warning AnnotationParsingFailed annotation"
                + " nginx.ingress.kubernetes.io/configuration-snippet is not supported",
            "Warning AnnotationParsingFailed annotation"
                + " nginx.ingress.kubernetes.io/canary-weight contains invalid value \"many\"")) {
      api.eventually(() -> events().contains("app " + expected));
    }
    api.eventually(
        () -> events().stream().anyMatch(each -> each.contains("is no regular expression")));
    assertThat(events()).noneMatch(each -> each.contains("proxy-read-timeout"));
    ingress("another", "", rule("c", "Prefix / one"));
    comes("200 one /", "c", "/");
    api.eventually(() -> events().contains("another Normal Sync Scheduled for sync"));
    assertThat(
            api.api().list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
                .filter(each -> each.string("message").contains("is no regular expression"))
                .map(each -> each.integer("count")))
        .as("said once, although another table was made")
        .containsExactly(1L);
  }
}
