package dev.tiphys.node.spec;

/// Why a container cannot be started, in upstream's words.
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;

  public static final String CONFIG = "CreateContainerConfigError";
  public static final String CREATE = "CreateContainerError";
  public static final String RUN = "RunContainerError";
  public static final String POST_START = "PostStartHookError";

  private final String reason;

  /// @param reason what the container waits for, then: `CreateContainerConfigError`
  public StartFailure(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// A failure because the Pod asks for what cannot be.
  public static StartFailure config(String message) {
    return new StartFailure(CONFIG, message);
  }

  public String reason() {
    return reason;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
