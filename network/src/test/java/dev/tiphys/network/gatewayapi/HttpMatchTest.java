package dev.tiphys.network.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which paths calls of gRPC have, and which of two matches goes first.
final class HttpMatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                          | /a.B/C    | true",
        "{method: {service: a.B}}                    | /a.B/C    | true",
        "{method: {service: a.B}}                    | /a.Bx/C   | false",
        "{method: {service: a.B, method: C}}         | /a.B/C    | true",
        "{method: {service: a.B, method: C}}         | /a.B/Cx   | false",
        "{method: {method: C}}                       | /x.Y/C    | true",
        "{method: {method: C}}                       | /x.Y/D    | false",
        "{method: {type: RegularExpression, service: 'a[.].', method: '[CD]'}} | /a.B/D  | true",
        "{method: {type: RegularExpression, service: 'a[.].', method: '[CD]'}} | /a.B/CD | false",
        "{method: {type: RegularExpression, service: 'a[.].'}}                | /a.B/X  | true",
      })
  void callsAreFoundByServiceAndMethod(String match, String path, boolean expected) {
    PathMatch read = HttpMatch.ofGrpc(Yaml.struct(match)).path();
    assertThat(read.matches(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{path: {type: Exact, value: /a}} | {path: {type: PathPrefix, value: /a/long/one}}",
        "{path: {type: Exact, value: /a}} | {path: {type: RegularExpression, value: /a.*}}",
        "{path: {type: RegularExpression, value: /a.*}} | {path: {type: PathPrefix, value: /a/long}}",
        "{path: {type: PathPrefix, value: /a/b}} | {path: {type: PathPrefix, value: /a}, method: GET}",
        "{path: {type: PathPrefix, value: /a}, method: GET} | {path: {type: PathPrefix, value: /a}, headers: [{name: a, value: b}, {name: c, value: d}]}",
        "{path: {type: PathPrefix, value: /a}, headers: [{name: a, value: b}]} | {path: {type: PathPrefix, value: /a/}, queryParams: [{name: a, value: b}]}",
      })
  void moreSpecificGoesFirst(String first, String second) {
    Ranked one = ranked(first, "2026-01-02T00:00:00Z", "z/z");
    Ranked other = ranked(second, "2026-01-01T00:00:00Z", "a/a");
    assertThat(Stream.of(other, one).sorted(Ranked.ORDER)).containsExactly(one, other);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:00Z, z/z, 2026-01-02T00:00:00Z, a/a",
    "2026-01-01T00:00:00Z, a/b, 2026-01-01T00:00:00Z, a/c",
  })
  void thenTheOlderThenByName(String created, String key, String created2, String key2) {
    Ranked one = ranked("{path: {value: /}}", created, key);
    Ranked other = ranked("{path: {value: /}}", created2, key2);
    assertThat(Stream.of(other, one).sorted(Ranked.ORDER)).containsExactly(one, other);
  }

  private static Ranked ranked(String match, String created, String key) {
    HttpMatch read = HttpMatch.ofHttp(Yaml.struct(match));
    Route route =
        new Route(key, read.path(), read.conditions(), new Action.Respond(200, "text/plain", ""));
    return new Ranked(read.specific(), Instant.parse(created), key, 0, route);
  }
}
