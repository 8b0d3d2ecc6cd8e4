package dev.tiphys.node.pull;

import java.time.Duration;

/// Why there is no image for a container, in upstream's words.
public final class PullFailure extends Exception {
  private static final long serialVersionUID = 1;
  private final String reason;
  private final transient Duration retryAfter;

  /// @param reason what the container waits for: `ErrImagePull`
  /// @param retryAfter how long to wait before the next attempt
  PullFailure(String reason, String message, Duration retryAfter) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  public String reason() {
    return reason;
  }

  public Duration retryAfter() {
    return retryAfter;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
