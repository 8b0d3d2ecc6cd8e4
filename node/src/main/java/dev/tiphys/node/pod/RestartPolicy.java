package dev.tiphys.node.pod;

/// When a container is run again after it has ended.
public enum RestartPolicy {
  ALWAYS,
  ON_FAILURE,
  NEVER;

  public static RestartPolicy of(String word) {
    return switch (word) {
      case "Never" -> NEVER;
      case "OnFailure" -> ON_FAILURE;
      default -> ALWAYS;
    };
  }

  public boolean restartsAfter(int exitCode) {
    return switch (this) {
      case ALWAYS -> true;
      case ON_FAILURE -> exitCode != 0;
      case NEVER -> false;
    };
  }
}
