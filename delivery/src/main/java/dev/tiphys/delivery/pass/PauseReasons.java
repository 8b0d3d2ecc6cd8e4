package dev.tiphys.delivery.pass;

/// Why a Rollout's controller waits.
public final class PauseReasons {

  public static final String BLUE_GREEN = "BlueGreenPause";
  public static final String CANARY = "CanaryPauseStep";

  /// An analysis could not tell, and a person has to.
  public static final String INCONCLUSIVE = "InconclusiveAnalysisRun";

  public static final String INCONCLUSIVE_EXPERIMENT = "InconclusiveExperiment";

  private PauseReasons() {}
}
