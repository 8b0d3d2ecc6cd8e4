package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.node.settings.EvictionThresholds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much of the machine a node keeps free.
public final class EvictionOption {

  @Option(
      names = "--eviction-hard",
      paramLabel = "SIGNAL<AMOUNT[,...]",
      description =
          "With less than that left, Pods are ended: memory.available, nodefs.available,"
              + " nodefs.inodesFree, imagefs.available and imagefs.inodesFree, as an amount or in"
              + " percent; '' for never.")
  private @Nullable String hard;

  /// @param usual what holds if nothing is said
  /// @throws CliException if what is said can't be read
  public EvictionThresholds thresholds(EvictionThresholds usual) {
    try {
      return hard == null ? usual : EvictionThresholds.parse(hard);
    } catch (IllegalArgumentException e) {
      throw new CliException("--eviction-hard: " + e.getMessage(), e);
    }
  }
}
