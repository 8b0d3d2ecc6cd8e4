package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/// How fast a size may change in one direction. Pure.
///
/// @param window how long a recommendation counts after it was made
/// @param select which of the policies holds
/// @param policies what each allows within a period
record ScalingRules(Duration window, Select select, List<Policy> policies) {

  enum Select {
    /// The one that allows most.
    MAX,
    /// The one that allows least.
    MIN,
    /// None: the size never changes in this direction.
    DISABLED
  }

  /// @param percent whether `value` is a share of the size
  /// @param period in which no more than `value` may change
  record Policy(boolean percent, long value, Duration period) {}

  ScalingRules {
    policies = List.copyOf(policies);
  }

  /// @param window in seconds, where the rules don't say
  static ScalingRules of(Struct rules, long window) {
    long seconds =
        rules.has("stabilizationWindowSeconds")
            ? rules.integer("stabilizationWindowSeconds")
            : window;
    Select select =
        switch (rules.string("selectPolicy")) {
          case "Disabled" -> Select.DISABLED;
          case "Min" -> Select.MIN;
          default -> Select.MAX;
        };
    List<Policy> policies =
        rules.structs("policies").stream()
            .map(
                policy ->
                    new Policy(
                        policy.string("type").equals("Percent"),
                        policy.integer("value"),
                        Duration.ofSeconds(policy.integer("periodSeconds"))))
            .toList();
    return new ScalingRules(Duration.ofSeconds(seconds), select, policies);
  }

  /// The largest size that may be reached now.
  ///
  /// @param startOf the size at the beginning of a policy's period
  long most(long current, ToLongFunction<Duration> startOf) {
    if (select == Select.DISABLED) {
      return current;
    }
    var limits =
        policies.stream()
            .mapToLong(
                policy -> {
                  long start = startOf.applyAsLong(policy.period);
                  return policy.percent
                      ? (long) Math.ceil(start * (1 + policy.value / 100.0))
                      : start + policy.value;
                });
    return select == Select.MIN
        ? limits.min().orElse(Integer.MAX_VALUE)
        : limits.max().orElse(Integer.MIN_VALUE);
  }

  /// The smallest size that may be reached now.
  ///
  /// @param startOf the size at the beginning of a policy's period
  long least(long current, ToLongFunction<Duration> startOf) {
    if (select == Select.DISABLED) {
      return current;
    }
    var limits =
        policies.stream()
            .mapToLong(
                policy -> {
                  long start = startOf.applyAsLong(policy.period);
                  return policy.percent
                      ? (long) (start * (1 - policy.value / 100.0))
                      : start - policy.value;
                });
    return select == Select.MIN
        ? limits.max().orElse(Integer.MIN_VALUE)
        : limits.min().orElse(Integer.MAX_VALUE);
  }
}
