package dev.tiphys.scheduler.config.fields;

/// A configuration can't be used; the message says why, in upstream's words.
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    super(message);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
