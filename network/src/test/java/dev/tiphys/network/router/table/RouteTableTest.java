package dev.tiphys.network.router.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which route a request takes.
class RouteTableTest {

  private static final Action NOTHING = new Action.Respond(200, "text/plain", "");

  private static Route route(String name, PathMatch path, Condition... conditions) {
    return new Route(name, path, List.of(conditions), NOTHING);
  }

  private static VirtualHost host(String name, Route... routes) {
    return new VirtualHost(List.of(HostName.of(name)), List.of(routes));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com, exact",
    "b.example.com, below example.com",
    "c.b.example.com, below b.example.com",
    "d.c.b.example.com, below b.example.com",
    "example.com, any",
    "xexample.com, any",
    ".example.com, any",
    "'', any",
  })
  void theLongestNameOfAHostWins(String asked, String expected) {
    Route exact = route("exact", new PathMatch.Prefix("/"));
    RouteTable table =
        RouteTable.of(
            "7",
            List.of(
                host("A.example.com", exact),
                host("*.example.com", route("below example.com", new PathMatch.Prefix("/"))),
                host("*.b.example.com", route("below b.example.com", new PathMatch.Prefix("/"))),
                host("*", route("any", new PathMatch.Prefix("/")))));
    assertThat(table.route(Asked.get(asked, "/")).name()).isEqualTo(expected);
    assertThat(table.revision()).isEqualTo("7");
  }

  @ParameterizedTest
  @CsvSource({"a.example.com, one label", "a.b.example.com, any", "example.com, any"})
  void aWildcardMayStandForOneLabel(String asked, String expected) {
    VirtualHost one =
        new VirtualHost(
            List.of(new HostName.OneLabel(".example.com")),
            List.of(route("one label", new PathMatch.Prefix("/"))));
    RouteTable table =
        RouteTable.of("", List.of(one, host("*", route("any", new PathMatch.Prefix("/")))));
    assertThat(table.route(Asked.get(asked, "/")).name()).isEqualTo(expected);
  }

  @Test
  void aNameBelongsToOneHost() {
    assertThatThrownBy(() -> RouteTable.of("", List.of(host("a"), host("A"))))
        .hasMessageContaining("two hosts are named");
    assertThatThrownBy(() -> RouteTable.of("", List.of(host("*"), host(""))))
        .hasMessageContaining("two hosts are named");
  }

  @Test
  void withoutAnyHostThereIsNoRoute() {
    assertThat(RouteTable.EMPTY.route(Asked.get("a", "/"))).isNull();
  }

  /// The rows of kubernetes/ingress-nginx#6437 and #6463 among them.
  @ParameterizedTest
  @CsvSource({
    "/foo, exact /foo",
    "/foo/, prefix /foo/",
    "/foo/bar, prefix /foo/",
    "/foobar, prefix /",
    "/chars, characters /chars",
    "/charset, characters /chars",
    "/v1/x, expression",
    "/v1/, prefix /",
    "/, prefix /",
  })
  void aPathIsMatchedByItsKind(String path, String expected) {
    VirtualHost host =
        host(
            "*",
            route("exact /foo", new PathMatch.Exact("/foo")),
            route("characters /chars", new PathMatch.Characters("/chars")),
            route("prefix /foo/", new PathMatch.Prefix("/foo/")),
            route("expression", new PathMatch.Expression(Pattern.compile("/v[0-9]/."), false)),
            route("prefix /", new PathMatch.Prefix("/")));
    assertThat(host.route(Asked.get("", path)).name()).isEqualTo(expected);
  }

  @Test
  void conditionsMustAllHold() {
    VirtualHost host =
        host(
            "*",
            route(
                "canary",
                new PathMatch.Prefix("/"),
                new Condition.Header("x-canary", new ValueMatch.Exact("always")),
                new Condition.Query("v", new ValueMatch.Prefix("2")),
                new Condition.Method("POST")),
            route(
                "present",
                new PathMatch.Prefix("/"),
                new Condition.Header("x-canary", new ValueMatch.Present()),
                new Condition.Not(new Condition.Method("PUT"))),
            route(
                "cookie",
                new PathMatch.Prefix("/"),
                new Condition.Cookie("canary", new ValueMatch.Exact("always")),
                new Condition.Scheme("http")));
    Map<String, String> canary = Map.of("x-canary", "always");
    Map<String, String> two = Map.of("v", "21");
    assertThat(host.route(new Asked("", "/", "POST", canary, two)).name()).isEqualTo("canary");
    assertThat(host.route(new Asked("", "/", "GET", canary, two)).name()).isEqualTo("present");
    assertThat(host.route(new Asked("", "/", "POST", canary, Map.of())).name())
        .isEqualTo("present");
    assertThat(host.route(new Asked("", "/", "PUT", canary, two))).isNull();
    Map<String, String> cookies = Map.of("cookie", "a=b; canary=always");
    assertThat(host.route(new Asked("", "/", "GET", cookies, two)).name()).isEqualTo("cookie");
    Map<String, String> others = Map.of("cookie", "xcanary=always; canary=never");
    assertThat(host.route(new Asked("", "/", "GET", others, two))).isNull();
  }

  /// The index finds what a walk through the list finds.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theFirstThatMatchesWins(long seed) {
    RandomGenerator random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Route> routes = new ArrayList<>();
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        Condition[] conditions =
            random.nextInt(3) == 0
                ? new Condition[] {new Condition.Method("POST")}
                : new Condition[0];
        routes.add(route("route " + i, match(random), conditions));
      }
      VirtualHost host = new VirtualHost(List.of(HostName.of("*")), routes);
      for (int i = 0; i < 20; i++) {
        Asked asked = Asked.get("", path(random, 4));
        Route walked =
            routes.stream()
                .filter(each -> each.path().matches(asked.path()) && each.admits(asked))
                .findFirst()
                .orElse(null);
        assertThat(host.route(asked)).as("seed %s, %s of %s", seed, asked, routes).isSameAs(walked);
      }
    }
  }

  private static PathMatch match(RandomGenerator random) {
    String path = path(random, 3);
    return switch (random.nextInt(4)) {
      case 0 -> new PathMatch.Exact(path);
      case 1 -> new PathMatch.Prefix(path);
      case 2 -> new PathMatch.Characters(path);
      default -> new PathMatch.Expression(Pattern.compile(path + ".?"), random.nextBoolean());
    };
  }

  private static String path(RandomGenerator random, int most) {
    StringBuilder path = new StringBuilder("/");
    IntStream.range(0, random.nextInt(most + 1) * 2)
        .forEach(_ -> path.append("ab/".charAt(random.nextInt(3))));
    return path.toString().replaceAll("/+", "/");
  }

  @Test
  void anExpressionThatWouldExplodeTakesLinearTime() {
    VirtualHost host =
        host("*", route("", new PathMatch.Expression(Pattern.compile("/(a+)+$"), true)));
    assertThat(host.route(Asked.get("", "/" + "a".repeat(5000) + "b"))).isNull();
  }
}
