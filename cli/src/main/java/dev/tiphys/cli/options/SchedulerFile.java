package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.LeaderElection;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The file that says how a scheduler is to work: a KubeSchedulerConfiguration.
public final class SchedulerFile {

  private SchedulerFile() {}

  /// What a file says.
  ///
  /// @param file null for what holds if nothing is said
  /// @param gates which features are on
  /// @throws CliException if it can't be used
  public static SchedulerConfiguration read(@Nullable Path file, FeatureGates gates) {
    try {
      return file == null
          ? SchedulerConfiguration.with(gates)
          : SchedulerConfiguration.read(file.toAbsolutePath(), gates);
    } catch (ConfigurationException e) {
      throw new CliException(
          "cannot use the scheduler's configuration %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// A scheduler that works as a file says.
  ///
  /// @throws CliException if the file names plugins that there are not
  public static Scheduler scheduler(Supplier<Scheduler> scheduler) {
    try {
      return scheduler.get();
    } catch (ConfigurationException e) {
      throw new CliException("cannot use the scheduler's configuration: " + e.getMessage(), e);
    }
  }

  /// Makes sure that there are the plugins that a configuration names.
  ///
  /// @throws CliException if there are not
  public static void require(SchedulerConfiguration configuration, World world, Api api) {
    scheduler(() -> new Scheduler(world, api, configuration)).close();
  }

  /// The election that a configuration asks for.
  public static ElectionSettings election(SchedulerConfiguration configuration, String identity) {
    LeaderElection election = configuration.leaderElection();
    return new ElectionSettings(
        election.resourceNamespace(),
        election.resourceName(),
        identity,
        election.lease(),
        election.renewal(),
        election.retry());
  }
}
