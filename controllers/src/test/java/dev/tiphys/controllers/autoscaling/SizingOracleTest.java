package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sizes under random rules and loads, against the rules told the plain way: every recommendation
/// and every change is kept, and looked through from the start each time.
class SizingOracleTest {

  /// A number at a time in seconds.
  private record Entry(long at, long value) {}

  private final List<Entry> recommended = new ArrayList<>();
  private final List<Entry> grown = new ArrayList<>();
  private final List<Entry> shrunk = new ArrayList<>();

  private static long within(List<Entry> entries, long period, long now) {
    return entries.stream().filter(entry -> entry.at > now - period).mapToLong(Entry::value).sum();
  }

  private long next(Struct behavior, Sizing.Range range, long current, long desired, long now) {
    long upWindow = behavior.integer("scaleUp", "stabilizationWindowSeconds");
    long downWindow = behavior.integer("scaleDown", "stabilizationWindowSeconds");
    if (recommended.isEmpty()) {
      recommended.add(new Entry(now, current)); // the size it was found with
    }
    long lowest = desired;
    long highest = desired;
    for (Entry entry : recommended) {
      if (entry.at > now - upWindow) {
        lowest = Math.min(lowest, entry.value);
      }
      if (entry.at > now - downWindow) {
        highest = Math.max(highest, entry.value);
      }
    }
    recommended.add(new Entry(now, desired));
    long stable = current;
    stable = stable < lowest ? lowest : stable;
    stable = stable > highest ? highest : stable;
    if (stable > current) {
      return Math.min(
          stable, Math.min(range.max(), limit(behavior.struct("scaleUp"), current, now, true)));
    }
    if (stable < current) {
      return Math.max(
          stable, Math.max(range.min(), limit(behavior.struct("scaleDown"), current, now, false)));
    }
    return stable;
  }

  /// The size that may be reached now, in one direction.
  private long limit(Struct rules, long current, long now, boolean up) {
    List<Long> limits = new ArrayList<>();
    for (Struct policy : rules.structs("policies")) {
      long period = policy.integer("periodSeconds");
      long start = current - within(grown, period, now) + within(shrunk, period, now);
      long value = policy.integer("value") * (up ? 1 : -1);
      double share = start * (1 + value / 100.0);
      limits.add(
          policy.string("type").equals("Pods")
              ? start + value
              : (long) (up ? Math.ceil(share) : Math.floor(share)));
    }
    limits.sort(null);
    long limit =
        switch (rules.string("selectPolicy")) {
          case "Disabled" -> current;
          case "Min" -> up ? limits.getFirst() : limits.getLast();
          default -> up ? limits.getLast() : limits.getFirst();
        };
    return up ? Math.max(limit, current) : Math.min(limit, current);
  }

  private static String rules(Random random) {
    List<String> policies = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      policies.add(
          "{type: %s, value: %d, periodSeconds: %d}"
              .formatted(
                  random.nextBoolean() ? "Pods" : "Percent",
                  1 + random.nextInt(60),
                  15 * (1 + random.nextInt(20))));
    }
    return "{stabilizationWindowSeconds: %d, selectPolicy: %s, policies: %s}"
        .formatted(
            15 * random.nextInt(20),
            List.of("Max", "Max", "Min", "Disabled").get(random.nextInt(4)),
            policies);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000, 2_000})
  void isTheSameAsTheRulesToldThePlainWay(int first) {
    for (int seed = first; seed < first + 1_000; seed++) {
      Random random = new Random(seed);
      recommended.clear();
      grown.clear();
      shrunk.clear();
      Struct behavior =
          Yaml.struct("{scaleUp: " + rules(random) + ", scaleDown: " + rules(random) + "}");
      Sizing.Range range = new Sizing.Range(1 + random.nextInt(5), 10 + random.nextInt(90));
      History history = new History();
      long current = range.min() + random.nextInt((int) (range.max() - range.min()));
      long now = 0;
      for (int look = 0; look < 60; look++) {
        now += 15 * (1 + random.nextInt(3));
        long desired = random.nextInt(120);
        long nanos = Duration.ofSeconds(now).toNanos();
        history.begin(current, nanos);
        long expected = next(behavior, range, current, desired, now);
        Sizing sizing = Sizing.of(Behavior.of(behavior), range, current, desired, history, nanos);
        assertThat(sizing.replicas())
            .as("seed %d, look %d: %s", seed, look, behavior)
            .isEqualTo(expected);
        if (expected != current) {
          history.change(current, expected, nanos);
          (expected > current ? grown : shrunk).add(new Entry(now, Math.abs(expected - current)));
          current = expected;
        }
      }
    }
  }
}
