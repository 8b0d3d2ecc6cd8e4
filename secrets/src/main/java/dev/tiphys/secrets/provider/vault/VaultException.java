package dev.tiphys.secrets.provider.vault;

import dev.tiphys.secrets.provider.StoreException;

/// The server refused a request, or could not be asked.
public final class VaultException extends StoreException {

  private static final long serialVersionUID = 1;
  private static final int FORBIDDEN = 403;

  private final int status;

  /// @param status what the server answered; 0 if it did not
  VaultException(int status, String message) {
    super(message);
    this.status = status;
  }

  /// Whether the token, or what it may do, was not enough.
  public boolean isRefusal() {
    return status == FORBIDDEN;
  }

  /// Whether the server has decided so, and will not decide otherwise when it is asked again.
  public boolean isFinal() {
    return status >= 400 && status < 500 && !Retries.helpAgainst(status);
  }

  /// The same failure, told as part of what was being done.
  VaultException within(String doing) {
    return new VaultException(status, doing + ": " + message());
  }
}
