package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.object.GoDuration;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How one of several processes becomes the one that works, with upstream's words for it.
public final class LeaderElectionOptions {

  @Option(
      names = "--leader-elect",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description =
          "Work only while this process holds the Lease; others may stand by. Default: true.")
  private @Nullable Boolean elect;

  @Option(
      names = "--leader-elect-lease-duration",
      paramLabel = "DURATION",
      description =
          "How long the others wait for a Lease that is not renewed any more. Default: 15s.")
  private @Nullable String leaseDuration;

  @Option(
      names = "--leader-elect-renew-deadline",
      paramLabel = "DURATION",
      description = "Within what time the leader must renew the Lease, or stop. Default: 10s.")
  private @Nullable String renewDeadline;

  @Option(
      names = "--leader-elect-retry-period",
      paramLabel = "DURATION",
      description = "How long it is between two tries. Default: 2s.")
  private @Nullable String retryPeriod;

  @Option(
      names = "--leader-elect-resource-lock",
      paramLabel = "KIND",
      description = "The kind of the lock: 'leases' is the only one.")
  private String lock = "leases";

  @Option(
      names = "--leader-elect-resource-name",
      paramLabel = "NAME",
      description = "What the Lease is called. Default: as upstream's program.")
  private @Nullable String name;

  @Option(
      names = "--leader-elect-resource-namespace",
      paramLabel = "NAMESPACE",
      description = "Where the Lease is. Default: kube-system.")
  private @Nullable String namespace;

  /// The election to take part in, if there is to be one.
  ///
  /// @param elects whether there is one if nothing is said
  /// @param usual what holds where nothing is said
  /// @throws CliException if two leaders could come of what is said
  public Optional<ElectionSettings> settings(boolean elects, ElectionSettings usual) {
    if (!(elect == null ? elects : elect)) {
      return Optional.empty();
    }
    if (!lock.equals("leases")) {
      throw new CliException("--leader-elect-resource-lock can only be leases, not " + lock);
    }
    try {
      return Optional.of(
          new ElectionSettings(
              namespace == null ? usual.namespace() : namespace,
              name == null ? usual.name() : name,
              usual.identity(),
              duration(leaseDuration, usual.leaseDuration()),
              duration(renewDeadline, usual.renewDeadline()),
              duration(retryPeriod, usual.retryPeriod())));
    } catch (IllegalArgumentException e) {
      throw new CliException("cannot elect a leader so: " + e.getMessage(), e);
    }
  }

  private static Duration duration(@Nullable String text, Duration usual) {
    return text == null ? usual : GoDuration.parse(text);
  }
}
