package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.webhook.ReviewClient;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.time.Duration;

/// What is set for [ImagePolicy].
///
/// @param kubeconfig where the program is that decides, and with what credentials it is asked
/// @param allowedLife how long its consent is remembered
/// @param deniedLife how long its refusal is
/// @param pause before it is asked once more after a failure
/// @param allowsFailures whether Pods run if it can't be asked
record ImagePolicySettings(
    Path kubeconfig,
    Duration allowedLife,
    Duration deniedLife,
    Duration pause,
    boolean allowsFailures) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(30);

  /// @param configuration upstream's, with `imagePolicy`
  /// @throws IllegalArgumentException if it can't be used, in upstream's words
  static ImagePolicySettings read(Struct configuration) {
    if (configuration.isEmpty()) {
      throw new IllegalArgumentException("no config specified");
    }
    Struct policy = configuration.struct("imagePolicy");
    return new ImagePolicySettings(
        Path.of(policy.string("kubeConfigFile")),
        span(policy, "allowTTL", SECOND, SECOND, LONGEST_LIFE, Duration.ofMinutes(5)),
        span(policy, "denyTTL", SECOND, SECOND, LONGEST_LIFE, Duration.ofSeconds(30)),
        span(
            policy,
            "retryBackoff",
            Duration.ofMillis(1),
            Duration.ofNanos(1),
            Duration.ofMinutes(5),
            ReviewClient.FIRST_PAUSE),
        policy.bool("defaultAllow"));
  }

  /// A span that is given as a number: 0 for the usual one, -1 for none.
  private static Duration span(
      Struct policy, String field, Duration unit, Duration least, Duration most, Duration usual) {
    long number = policy.integer(field);
    if (number == 0) {
      return usual;
    }
    if (number == -1) {
      return Duration.ZERO;
    }
    Duration span = unit.multipliedBy(number);
    if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "valid value is between %s and %s, got %s"
              .formatted(text(least), text(most), text(span)));
    }
    return span;
  }

  private static String text(Duration span) {
    return GoDuration.text(span.toNanos());
  }
}
