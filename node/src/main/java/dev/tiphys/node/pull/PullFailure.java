package dev.tiphys.node.pull;

import java.time.Duration;

/// Why there is no image for a container, in upstream's words.
public final class PullFailure extends Exception {
  private static final long serialVersionUID = 1;
  private final String reason;
  private final transient Duration rest;

  /// @param reason what the container waits for: `ErrImagePull`
  /// @param rest how long to wait before asking again
  PullFailure(String reason, String message, Duration rest) {
    super(message);
    this.reason = reason;
    this.rest = rest;
  }

  public String reason() {
    return reason;
  }

  public Duration rest() {
    return rest;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
