package dev.tiphys.delivery.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How an analysis, one of its metrics, a measurement or an Experiment stands. The better ones come
/// first.
public enum AnalysisPhase {
  SUCCESSFUL,
  RUNNING,
  PENDING,
  INCONCLUSIVE,
  ERROR,
  FAILED;

  /// As a status has it.
  public String text() {
    String name = name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /// Null if a status does not tell.
  public static @Nullable AnalysisPhase of(String text) {
    for (AnalysisPhase phase : values()) {
      if (phase.text().equals(text)) {
        return phase;
      }
    }
    return null;
  }

  /// Whether a status tells of an end.
  public static boolean isComplete(String text) {
    AnalysisPhase phase = of(text);
    return phase != null && phase.isComplete();
  }

  /// Whether a status tells of a failure or an error.
  public static boolean isWarning(String text) {
    AnalysisPhase phase = of(text);
    return phase != null && phase.isWarning();
  }

  /// Whether nothing follows.
  public boolean isComplete() {
    return this != RUNNING && this != PENDING;
  }

  /// Whether it ended, and not well.
  public boolean isBad() {
    return isComplete() && this != SUCCESSFUL;
  }

  public boolean isWorseThan(AnalysisPhase other) {
    return compareTo(other) > 0;
  }

  /// Whether events about it are warnings.
  public boolean isWarning() {
    return this == FAILED || this == ERROR;
  }
}
