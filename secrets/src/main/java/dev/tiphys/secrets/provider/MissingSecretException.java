package dev.tiphys.secrets.provider;

/// The store does not have the secret that was asked for.
public final class MissingSecretException extends StoreException {

  private static final long serialVersionUID = 1;

  public MissingSecretException() {
    super("Secret does not exist");
  }
}
