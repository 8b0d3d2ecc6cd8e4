package dev.tiphys.network.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.world.VirtualWorld;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which connections are passed on, by the names that clients ask for.
final class StreamTableTest {

  private static StreamRoute to(String name) {
    return new StreamRoute(
        Split.all(new Backend(new VirtualWorld(1), name, BackendPolicy.USUAL)), false);
  }

  private static String name(StreamRoute route) {
    return route == null
        ? "http"
        : route.rules().getFirst().split().shares().getFirst().backend().name();
  }

  @ParameterizedTest
  @CsvSource({
    "a.x.org, exact",
    "A.X.ORG, exact",
    "b.x.org, near",
    "c.b.x.org, near",
    "left.x.org, http",
    "x.org, far",
    "org, any",
    "y.com, any",
    ", any"
  })
  void nearestNameIsTaken(String asked, String expected) {
    Map<HostName, Optional<StreamRoute>> byName = new HashMap<>();
    byName.put(HostName.of("a.x.org"), Optional.of(to("exact")));
    byName.put(HostName.of("*.x.org"), Optional.of(to("near")));
    byName.put(HostName.of("left.x.org"), Optional.empty());
    byName.put(HostName.of("*.org"), Optional.of(to("far")));
    byName.put(HostName.of("*"), Optional.of(to("any")));
    assertThat(name(StreamTable.ofNames(byName).named(asked))).isEqualTo(expected);
  }

  @Test
  void namesAreLeftToHttpUnlessTheyArePassedOn() {
    StreamTable table =
        StreamTable.ofNames(
                Map.of(
                    HostName.of("*.x.org"), Optional.of(to("near")),
                    HostName.of("a.x.org"), Optional.of(to("exact"))))
            .leaving(
                List.of(
                    HostName.of("a.x.org"),
                    HostName.of("b.x.org"),
                    new HostName.OneLabel(".left.x.org")));
    assertThat(name(table.named("a.x.org"))).isEqualTo("exact");
    assertThat(name(table.named("b.x.org"))).isEqualTo("http");
    assertThat(name(table.named("c.left.x.org"))).isEqualTo("http");
    assertThat(name(table.named("d.c.left.x.org"))).isEqualTo("near");
  }

  @Test
  void ofSeveralTablesTheFirstHasAName() {
    StreamTable one = StreamTable.ofNames(Map.of(HostName.of("a"), Optional.of(to("one"))));
    StreamTable other =
        StreamTable.ofNames(
            Map.of(
                HostName.of("a"), Optional.of(to("other")),
                HostName.of("b"), Optional.of(to("other"))));
    StreamTable both = StreamTable.ofFirst(List.of(one, other));
    assertThat(name(both.named("a"))).isEqualTo("one");
    assertThat(name(both.named("b"))).isEqualTo("other");
    assertThat(both.named("c")).isNull();
    assertThat(both.every()).isNull();
    assertThat(StreamTable.EMPTY.isEmpty()).isTrue();
  }
}
