package dev.tiphys.apiserver.admission.podsecurity;

import java.util.Locale;

/// How much Pods are restricted, from not at all to most.
public enum Level {
  PRIVILEGED,
  BASELINE,
  RESTRICTED;

  static final String PROBLEM = "must be one of privileged, baseline, restricted";

  /// @throws IllegalArgumentException if there is no such level
  static Level parse(String text) {
    for (Level level : values()) {
      if (level.toString().equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException(PROBLEM);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
