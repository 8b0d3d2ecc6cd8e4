package dev.tiphys.monitoring.alerting;

import java.io.Serial;

/// Why an AlertmanagerConfig cannot be used. The message is for its owner.
final class AlertException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  AlertException(String message) {
    super(message);
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
