package dev.tiphys.node.cni;

import org.jspecify.annotations.Nullable;

/// Why there is no network for Pods. The message says what to do.
public final class CniException extends Exception {

  private static final long serialVersionUID = 1;

  public CniException(String message) {
    this(message, null);
  }

  public CniException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
