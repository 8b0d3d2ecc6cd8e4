package dev.tiphys.secrets.provider;

/// A store could not be opened or asked, or answered otherwise than was hoped for. The message is
/// shown to users, in events and logs: there is no secret in it.
public class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  /// What it says.
  public final String message() {
    return String.valueOf(getMessage());
  }
}
