package dev.tiphys.scheduler.config;

import dev.tiphys.object.GoDuration;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.time.Duration;

/// How one of several schedulers becomes the one that works.
///
/// @param elects whether only one of several works
/// @param lease how long the others wait before they take over
/// @param renewal within what time the leader must renew its lease
/// @param retry how long it waits between tries
public record LeaderElection(
    boolean elects,
    Duration lease,
    Duration renewal,
    Duration retry,
    String resourceName,
    String resourceNamespace) {

  static LeaderElection of(Fields election) {
    boolean elects = election.bool("leaderElect", true);
    Duration lease = election.duration("leaseDuration", Duration.ofSeconds(15));
    Duration renewal = election.duration("renewDeadline", Duration.ofSeconds(10));
    Duration retry = election.duration("retryPeriod", Duration.ofSeconds(2));
    String lock = election.string("resourceLock", "leases");
    String name = election.string("resourceName", "kube-scheduler");
    String namespace = election.string("resourceNamespace", "kube-system");
    election.end();
    if (elects) {
      check(election, lease, renewal, retry, lock);
    }
    return new LeaderElection(elects, lease, renewal, retry, name, namespace);
  }

  private static void check(
      Fields election, Duration lease, Duration renewal, Duration retry, String lock) {
    Problems problems = election.problems();
    positive(problems, election.at("leaseDuration"), lease);
    positive(problems, election.at("renewDeadline"), renewal);
    positive(problems, election.at("retryPeriod"), retry);
    if (lease.compareTo(renewal) < 0) {
      problems.invalid(
          election.at("leaseDuration"),
          shown(renewal),
          "LeaseDuration must be greater than RenewDeadline");
    }
    if (renewal.compareTo(retry) < 0) {
      problems.invalid(
          election.at("renewDeadline"),
          shown(retry),
          "RenewDeadline must be greater than RetryPeriod");
    }
    if (!lock.equals("leases")) {
      problems.invalid(election.at("resourceLock"), lock, "resourceLock value must be \"leases\"");
    }
  }

  private static void positive(Problems problems, String path, Duration span) {
    if (!span.isPositive()) {
      problems.invalid(path, shown(span), "must be greater than zero");
    }
  }

  private static String shown(Duration span) {
    return GoDuration.text(span);
  }
}
