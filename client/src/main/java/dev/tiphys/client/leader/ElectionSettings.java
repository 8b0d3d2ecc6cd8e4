package dev.tiphys.client.leader;

import java.time.Duration;

/// Which Lease candidates contend for, and at what pace.
///
/// @param namespace where the Lease is
/// @param name what the Lease is called
/// @param identity the candidate, as the Lease names its holder: no two that run may have the same
/// @param leaseDuration for how long the others leave a Lease alone that they do not see renewed
/// @param renewDeadline within what time the leader must renew the Lease, or stop
/// @param retryPeriod how long it is between two tries
public record ElectionSettings(
    String namespace,
    String name,
    String identity,
    Duration leaseDuration,
    Duration renewDeadline,
    Duration retryPeriod) {

  /// By how much of the retry period, at most, the tries of those that do not lead are late.
  static final double JITTER = 1.2;

  /// Where upstream's components have their Leases.
  public static final String NAMESPACE = "kube-system";

  /// @throws IllegalArgumentException if two leaders could come of it; the message is upstream's
  public ElectionSettings {
    if (leaseDuration.compareTo(Duration.ofSeconds(1)) < 0
        || !renewDeadline.isPositive()
        || !retryPeriod.isPositive()) {
      throw new IllegalArgumentException(
          "leaseDuration must be at least a second, renewDeadline and retryPeriod positive");
    }
    if (leaseDuration.compareTo(renewDeadline) <= 0) {
      throw new IllegalArgumentException("leaseDuration must be greater than renewDeadline");
    }
    if (renewDeadline.toNanos() <= retryPeriod.toNanos() * JITTER) {
      throw new IllegalArgumentException(
          "renewDeadline must be greater than retryPeriod*JitterFactor");
    }
  }

  /// Upstream's pace, for a Lease beside those of its components.
  public static ElectionSettings of(String name, String identity) {
    return new ElectionSettings(
        NAMESPACE,
        name,
        identity,
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }

  /// How long a try may take before it counts as failed, so that a second one is in time.
  Duration patience() {
    return renewDeadline.dividedBy(2);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
