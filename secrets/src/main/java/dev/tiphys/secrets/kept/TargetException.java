package dev.tiphys.secrets.kept;

/// A Secret cannot be what an ExternalSecret wants, until one of them is changed. The message is
/// that of the condition.
public final class TargetException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public TargetException(String message) {
    super(message);
  }
}
