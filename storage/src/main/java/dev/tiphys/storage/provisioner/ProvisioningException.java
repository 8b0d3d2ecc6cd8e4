package dev.tiphys.storage.provisioner;

import org.jspecify.annotations.Nullable;

/// A claim that gets no volume for now, in the words that its events tell.
final class ProvisioningException extends Exception {

  private static final long serialVersionUID = 1;

  /// Whether another node may have what this one lacks.
  private final boolean elsewhere;

  ProvisioningException(String message, boolean elsewhere, @Nullable Throwable cause) {
    super(message, cause);
    this.elsewhere = elsewhere;
  }

  static ProvisioningException of(String message, Object... arguments) {
    return new ProvisioningException(message.formatted(arguments), false, null);
  }

  boolean isElsewhere() {
    return elsewhere;
  }
}
