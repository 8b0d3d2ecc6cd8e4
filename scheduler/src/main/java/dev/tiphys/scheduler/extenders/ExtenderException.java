package dev.tiphys.scheduler.extenders;

/// An extender has not answered, or not as it should.
public final class ExtenderException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ExtenderException(String message) {
    super(message);
  }
}
