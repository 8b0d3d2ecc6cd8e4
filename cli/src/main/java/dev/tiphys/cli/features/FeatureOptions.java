package dev.tiphys.cli.features;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.features.FeatureGates;
import java.util.List;
import picocli.CommandLine.Option;

/// Which features are on, with upstream's words for it.
public final class FeatureOptions {

  @Option(
      names = "--feature-gates",
      paramLabel = "NAME=BOOL",
      split = ",",
      description =
          "Features that are to be on though they usually are off, or off: A=true,B=false."
              + " docs/feature-gates.md lists them.")
  private List<String> given = List.of();

  /// @throws CliException if there is no such feature, or it can't be set so
  public FeatureGates gates() {
    String text = String.join(",", given);
    try {
      return FeatureGates.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "invalid argument \"%s\" for \"--feature-gates\" flag: %s"
              .formatted(text, e.getMessage()),
          e);
    }
  }
}
