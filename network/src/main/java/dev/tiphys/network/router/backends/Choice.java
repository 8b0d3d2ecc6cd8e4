package dev.tiphys.network.router.backends;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses among the endpoints that there are at one time.
///
/// The balancing says where to begin; from there on the first endpoint is taken that is fit: not
/// tried before, not ejected, and not held back because it is new. Where none is fit, one that is
/// not serves better than none.
///
/// Threads: any.
final class Choice {

  private static final double LEAST_SHARE = 0.1; // of an endpoint that is quite new

  private final List<Endpoint> endpoints;
  private final BackendPolicy policy;
  private final Ring ring;
  private final AtomicInteger turn = new AtomicInteger();

  private Choice(List<Endpoint> endpoints, BackendPolicy policy, Ring ring) {
    this.endpoints = endpoints;
    this.policy = policy;
    this.ring = ring;
  }

  static Choice among(List<Endpoint> endpoints, BackendPolicy policy) {
    List<Endpoint> all = List.copyOf(endpoints);
    return new Choice(all, policy, Ring.of(policy.balancing() == Balancing.HASH ? all : List.of()));
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  @Nullable Endpoint choose(
      long now, RandomGenerator random, OptionalInt hash, Set<Endpoint> tried) {
    int count = endpoints.size();
    if (count == 0) {
      return null;
    }
    int begin = begin(random, hash);
    for (int i = 0; i < count; i++) {
      Endpoint endpoint = endpoints.get((begin + i) % count);
      if (!tried.contains(endpoint)
          && !endpoint.isEjected(now)
          && !heldBack(endpoint, now, random)) {
        return endpoint;
      }
    }
    for (int i = 0; i < count; i++) {
      Endpoint endpoint = endpoints.get((begin + i) % count);
      if (!tried.contains(endpoint)) {
        return endpoint;
      }
    }
    return endpoints.get(begin);
  }

  private int begin(RandomGenerator random, OptionalInt hash) {
    int count = endpoints.size();
    return switch (policy.balancing()) {
      case ROUND_ROBIN -> Math.floorMod(turn.getAndIncrement(), count);
      case RANDOM -> random.nextInt(count);
      case HASH -> hash.isPresent() ? ring.at(hash.getAsInt()) : random.nextInt(count);
      case LEAST_REQUEST -> {
        int one = random.nextInt(count);
        int other = random.nextInt(count);
        yield endpoints.get(one).requests() <= endpoints.get(other).requests() ? one : other;
      }
    };
  }

  private boolean heldBack(Endpoint endpoint, long now, RandomGenerator random) {
    long window = policy.slowStart().toNanos();
    long age = endpoint.age(now);
    return age < window && random.nextDouble() > Math.max(LEAST_SHARE, (double) age / window);
  }
}
