package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Question;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route of a VirtualService a request takes.
class RouteMatchesTest {

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /// Prefixes go by characters, and the list decides, not the length.
  @Test
  void theFirstRuleOfTheListWins() throws Exception {
    cluster.service("foo");
    cluster.service("foobar");
    String rule = "- {match: [{uri: {prefix: /%1$s}}], route: [{destination: {host: %1$s}}]}\n";
    cluster.virtualService(
        "order",
        "hosts: [a.example.com]\nhttp:\n" + rule.formatted("foo") + rule.formatted("foobar"));
    cluster.comes("200 foo /foobar/x", "a.example.com", "/foobar/x");
    cluster.virtualService(
        "order",
        "hosts: [a.example.com]\nhttp:\n" + rule.formatted("foobar") + rule.formatted("foo"));
    cluster.comes("200 foobar /foobar/x", "a.example.com", "/foobar/x");
    assertThat(cluster.get("a.example.com", "/food")).isEqualTo("200 foo /food");
    assertThat(cluster.get("a.example.com", "/bar")).isEqualTo("404");
  }

  private void matching(String entry) throws Exception {
    cluster.service("match");
    cluster.service("rest");
    cluster.virtualService(
        "matching",
        """
        hosts: [a.example.com]
        http:
        - {name: match, match: [%s], route: [{destination: {host: match}}]}
        - {name: rest, route: [{destination: {host: rest}}]}
        """
            .formatted(entry));
    cluster.live().eventually(() -> served().startsWith("200 "));
  }

  private String served() {
    return Question.refusedOr(() -> cluster.get("a.example.com", "/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{uri: {exact: /a}} | /a | '' | match",
        "{uri: {exact: /a}} | /A | '' | rest",
        "{uri: {exact: /a}, ignoreUriCase: true} | /A | '' | match",
        "{uri: {prefix: /ab}, ignoreUriCase: true} | /ABc | '' | match",
        "{uri: {regex: '/a[0-9]+'}} | /a12 | '' | match",
        "{uri: {regex: '/a[0-9]+'}} | /a12b | '' | rest",
        "{uri: {exact: /a}} | /a?q=1 | '' | match",
        "{headers: {x-user: {exact: jason}}} | / | X-User: jason | match",
        "{headers: {x-user: {exact: jason}}} | / | X-User: jasons | rest",
        "{headers: {x-user: {}}} | / | X-User: any | match",
        "{headers: {x-user: {}}} | / | X-Other: any | rest",
        "{headers: {cookie: {regex: '^(.*?;)?(user=jason)(;.*)?$'}}} | / | Cookie: user=jason | match",
        "{uri: {prefix: /}, withoutHeaders: {x-user: {}}} | /n | X-User: a | rest",
        "{uri: {prefix: /n}, withoutHeaders: {x-user: {exact: b}}} | /n1 | X-User: a | match",
        "{queryParams: {v: {exact: '2'}}} | /?v=2 | '' | match",
        "{queryParams: {v: {exact: '2'}}} | /?v=3 | '' | rest",
        "{queryParams: {key: {exact: ''}}} | /?key= | '' | match",
        "{method: {exact: GET}, uri: {exact: /m}} | /m | '' | match",
        "{method: {regex: 'P[A-Z]+'}} | /m | '' | rest",
        "{scheme: {exact: https}} | / | '' | rest",
        "{authority: {exact: a.example.com}, uri: {exact: /x}} | /x | '' | match",
        "{authority: {prefix: b}} | / | '' | rest",
        "{port: 1} | / | '' | rest",
        "{sourceLabels: {app: none}} | / | '' | rest",
        "{gateways: [some/other]} | / | '' | rest"
      })
  void requestsMatchAsUpstreamSays(String entry, String target, String header, String expected)
      throws Exception {
    matching(entry);
    String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
    assertThat(cluster.get("a.example.com", target, headers)).startsWith("200 " + expected);
  }
}
