package dev.tiphys.http.client;

import java.io.IOException;

/// A server that was asked for an upgrade answered something else.
public final class UpgradeRefusedException extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;

  /// @param status the status code it answered with
  /// @param text what it said, or the line with the status if it said nothing
  UpgradeRefusedException(int status, String text) {
    super(text);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
