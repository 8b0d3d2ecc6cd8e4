package dev.tiphys.cli.options;

import picocli.CommandLine.Option;

/// Whether the writers of manifests are given advice.
public final class AdviceOption {

  /// What can be said of it.
  enum Advice {
    ON,
    OFF
  }

  @Option(
      names = "--advice",
      paramLabel = "on|off",
      description =
          "Whether writers of manifests that will not do what they say are warned of it. Default:"
              + " on.")
  private Advice advice = Advice.ON;

  public boolean isOn() {
    return advice == Advice.ON;
  }
}
