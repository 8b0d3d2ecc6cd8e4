package dev.tiphys.template.function;

/// What a function refuses, in Go's words; the template that called it adds the place.
public final class CallException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CallException(String message) {
    super(message, null, false, false);
  }
}
