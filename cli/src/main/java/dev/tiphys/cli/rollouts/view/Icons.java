package dev.tiphys.cli.rollouts.view;

import java.util.Map;

/// A sign for each state, and a colour for each sign and tag.
final class Icons {

  static final String WAITING = "◷";
  static final String PROGRESSING = "◌";
  static final String WARNING = "⚠";
  static final String UNKNOWN = "?";
  static final String GOOD = "✔";
  static final String BAD = "✖";
  static final String PAUSED = "॥";
  static final String NEUTRAL = "•";

  private static final int RED = 31;
  private static final int GREEN = 32;
  private static final int YELLOW = 33;
  private static final int BLUE = 94;

  private static final Map<String, Integer> COLORS =
      Map.ofEntries(
          Map.entry(WAITING, YELLOW),
          Map.entry(PROGRESSING, BLUE),
          Map.entry(WARNING, RED),
          Map.entry(UNKNOWN, YELLOW),
          Map.entry(GOOD, GREEN),
          Map.entry(BAD, RED),
          Map.entry("canary", YELLOW),
          Map.entry("stable", GREEN),
          Map.entry("active", GREEN),
          Map.entry("preview", BLUE),
          Map.entry("ping", BLUE),
          Map.entry("pong", BLUE),
          Map.entry("Pending", BLUE),
          Map.entry("Running", BLUE));

  private Icons() {}

  static String ofRollout(String phase) {
    return switch (phase) {
      case "Progressing" -> PROGRESSING;
      case "Error", "InvalidSpec" -> WARNING;
      case "Paused" -> PAUSED;
      case "Healthy" -> GOOD;
      case "Degraded" -> BAD;
      case "Unknown" -> UNKNOWN;
      case "ScaledDown" -> NEUTRAL;
      default -> " ";
    };
  }

  static String ofReplicaSet(String health) {
    return switch (health) {
      case "Progressing" -> PROGRESSING;
      case "Healthy" -> GOOD;
      case "ReplicaFailure" -> BAD;
      case "ScaledDown" -> NEUTRAL;
      default -> " ";
    };
  }

  static String ofPod(String status) {
    if (status.startsWith("Init:")) {
      return PROGRESSING;
    }
    if (status.startsWith("Signal:") || status.startsWith("ExitCode:")) {
      return BAD;
    }
    if (status.endsWith("Error") || status.startsWith("Err")) {
      return WARNING;
    }
    return switch (status) {
      case "Pending", "Terminating", "ContainerCreating" -> PROGRESSING;
      case "Running", "Completed" -> GOOD;
      case "Failed", "InvalidImageName", "CrashLoopBackOff" -> BAD;
      case "ImagePullBackOff", "RegistryUnavailable" -> WARNING;
      case "Unknown" -> UNKNOWN;
      default -> " ";
    };
  }

  /// Of analyses, their measurements, and experiments.
  static String ofAnalysis(String phase) {
    return switch (phase) {
      case "Successful" -> GOOD;
      case "Inconclusive" -> UNKNOWN;
      case "Failed" -> BAD;
      case "Error" -> WARNING;
      case "Running" -> PROGRESSING;
      case "Pending" -> WAITING;
      default -> " ";
    };
  }

  /// A text in the colour of a sign or tag, by the codes of ECMA-48.
  static String colored(String text, String like) {
    Integer color = COLORS.get(like);
    return color == null ? text : "\u001b[" + color + "m" + text + "\u001b[0m";
  }
}
