package dev.tiphys.network.router.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.RealWorld;
import dev.tiphys.world.VirtualWorld;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which endpoint of a backend is chosen.
class BackendTest {

  private final VirtualWorld world = new VirtualWorld(1);

  private static List<InetSocketAddress> addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> InetSocketAddress.createUnresolved("10.0.0." + i, 80))
        .toList();
  }

  private Backend backend(BackendPolicy policy, int endpoints) {
    Backend backend = new Backend(world, "tested", policy);
    backend.endpoints(addresses(endpoints));
    return backend;
  }

  private Endpoint choose(Backend backend) {
    return backend.choose(world.random(), OptionalInt.empty(), Set.of());
  }

  private Map<Endpoint, Integer> chosen(Backend backend, int times) {
    Map<Endpoint, Integer> counts = new HashMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(choose(backend), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void withoutEndpointsThereIsNone() {
    for (Balancing each : Balancing.values()) {
      assertThat(choose(backend(BackendPolicy.USUAL.with(each), 0))).isNull();
    }
  }

  @Test
  void oneAfterTheOther() {
    assertThat(chosen(backend(BackendPolicy.USUAL, 3), 300).values()).containsOnly(100);
  }

  @Test
  void whatHasFewerRequestsIsPreferred() {
    Backend backend = backend(BackendPolicy.USUAL.with(Balancing.LEAST_REQUEST), 2);
    Endpoint busy = backend.endpoints().getFirst();
    busy.enter();
    assertThat(chosen(backend, 1000).get(busy)).isBetween(150, 350); // drawn twice: a quarter
  }

  @Test
  void theSameHashLeadsToTheSameEndpoint() {
    Backend backend = backend(BackendPolicy.USUAL.with(Balancing.HASH), 10);
    Map<Integer, InetSocketAddress> before = byHash(backend);
    assertThat(byHash(backend)).isEqualTo(before);
    InetSocketAddress gone = backend.endpoints().get(4).address();
    backend.endpoints(addresses(10).stream().filter(each -> !each.equals(gone)).toList());
    byHash(backend)
        .forEach(
            (hash, address) -> {
              if (!before.get(hash).equals(gone)) {
                assertThat(address).isEqualTo(before.get(hash));
              }
            });
    assertThat(before.values().stream().filter(gone::equals).count()).isBetween(50L, 200L);
  }

  private Map<Integer, InetSocketAddress> byHash(Backend backend) {
    Map<Integer, InetSocketAddress> chosen = new HashMap<>();
    for (int hash = 0; hash < 1000; hash++) {
      chosen.put(hash, backend.choose(world.random(), OptionalInt.of(hash), Set.of()).address());
    }
    return chosen;
  }

  @Test
  void whatWasTriedIsTakenOnlyIfThereIsNoOther() {
    Backend backend = backend(BackendPolicy.USUAL, 2);
    Endpoint one = backend.endpoints().getFirst();
    Endpoint other = backend.endpoints().getLast();
    for (int i = 0; i < 4; i++) {
      assertThat(backend.choose(world.random(), OptionalInt.empty(), Set.of(one))).isSameAs(other);
    }
    assertThat(backend.choose(world.random(), OptionalInt.empty(), Set.of(one, other))).isNotNull();
  }

  @Test
  void anEndpointThatFailsRestsForAWhile() throws InterruptedException {
    Backend backend =
        backend(BackendPolicy.USUAL.with(new Ejection(3, Duration.ofSeconds(30), 50)), 2);
    Endpoint bad = backend.endpoints().getFirst();
    backend.report(bad, false);
    backend.report(bad, false);
    backend.report(bad, true);
    backend.report(bad, false);
    backend.report(bad, false);
    assertThat(chosen(backend, 10)).as("not thrice in a row").containsKey(bad);
    backend.report(bad, false);
    assertThat(chosen(backend, 10)).doesNotContainKey(bad);
    world.sleep(Duration.ofSeconds(31));
    assertThat(chosen(backend, 10)).containsKey(bad);
    IntStream.range(0, 3).forEach(_ -> backend.report(bad, false));
    world.sleep(Duration.ofSeconds(31));
    assertThat(chosen(backend, 10)).as("twice as long").doesNotContainKey(bad);
  }

  @Test
  void notAllEndpointsAreEjected() {
    Backend backend =
        backend(BackendPolicy.USUAL.with(new Ejection(1, Duration.ofSeconds(30), 50)), 2);
    backend.endpoints().forEach(each -> backend.report(each, false));
    assertThat(chosen(backend, 10)).containsOnlyKeys(backend.endpoints().getLast());
  }

  @Test
  void anEndpointThatComesToOthersStartsSlowly() throws InterruptedException {
    Backend backend = backend(BackendPolicy.USUAL.withSlowStart(Duration.ofSeconds(100)), 1);
    backend.endpoints(addresses(2));
    Endpoint young = backend.endpoints().getLast();
    assertThat(chosen(backend, 1000).get(young)).isBetween(20, 100); // a tenth of its half
    world.sleep(Duration.ofSeconds(50));
    assertThat(chosen(backend, 1000).get(young)).isBetween(200, 300);
    world.sleep(Duration.ofSeconds(50));
    assertThat(chosen(backend, 1000).get(young)).isEqualTo(500);
  }

  @Test
  void whatIsKnownOfAnEndpointOutlivesAChange() {
    Backend backend = backend(BackendPolicy.USUAL, 2);
    Endpoint stays = backend.endpoints().getFirst();
    backend.endpoints(addresses(1));
    assertThat(backend.endpoints()).containsExactly(stays);
  }

  @Test
  void aBackendHasNoMoreRequestsThanItMayHave() {
    Backend backend = backend(BackendPolicy.USUAL.withMostRequests(2), 1);
    assertThat(backend.enter()).isTrue();
    assertThat(backend.enter()).isTrue();
    assertThat(backend.enter()).isFalse();
    backend.leave();
    assertThat(backend.enter()).isTrue();
  }

  @Test
  void requestsBeyondTheMostWaitForTheirTurnUpToALimit() {
    Backend backend =
        new Backend(new RealWorld(), "limited", BackendPolicy.USUAL.withMostRequests(1, 2));
    List<String> begun = new ArrayList<>();
    Runnable gone = () -> begun.add("gone");

    assertThat(backend.enter(() -> begun.add("at once"))).isEqualTo(Backend.Entry.NOW);
    assertThat(backend.enter(gone)).isEqualTo(Backend.Entry.LATER);
    assertThat(backend.enter(() -> begun.add("second"))).isEqualTo(Backend.Entry.LATER);
    assertThat(backend.enter(() -> begun.add("fourth"))).isEqualTo(Backend.Entry.REFUSED);
    backend.forgo(gone);
    assertThat(backend.enter(() -> begun.add("third"))).isEqualTo(Backend.Entry.LATER);
    assertThat(begun).isEmpty();

    backend.leave();
    assertThat(begun).containsExactly("second");
    backend.leave();
    assertThat(begun).containsExactly("second", "third");
    backend.leave();
    assertThat(backend.enter()).as("none is counted twice").isTrue();
  }
}
