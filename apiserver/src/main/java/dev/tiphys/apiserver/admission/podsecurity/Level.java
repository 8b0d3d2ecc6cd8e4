package dev.tiphys.apiserver.admission.podsecurity;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much Pods are restricted, from not at all to most.
public enum Level {
  PRIVILEGED,
  BASELINE,
  RESTRICTED;

  static final String PROBLEM = "must be one of privileged, baseline, restricted";

  private final String text = name().toLowerCase(Locale.ROOT);

  /// The level that is written so; null if there is none. Namespaces are asked for theirs with each
  /// Pod, and most of them say nothing.
  static @Nullable Level find(String text) {
    return switch (text) {
      case "privileged" -> PRIVILEGED;
      case "baseline" -> BASELINE;
      case "restricted" -> RESTRICTED;
      default -> null;
    };
  }

  /// @throws IllegalArgumentException if there is no such level
  static Level parse(String text) {
    Level level = find(text);
    if (level == null) {
      throw new IllegalArgumentException(PROBLEM);
    }
    return level;
  }

  @Override
  public String toString() {
    return text;
  }
}
