package dev.tiphys.cel;

/// An expression has no value: a key is missing, a number too large, an argument of the wrong type.
public class EvaluationException extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final String NO_OVERLOAD = "no such overload";

  public EvaluationException(String message) {
    super(message, null, false, false);
  }

  /// No overload of an operator or a function takes the arguments.
  public static EvaluationException noOverload() {
    return new EvaluationException(NO_OVERLOAD);
  }

  /// Whether no overload took some arguments.
  public boolean isNoOverload() {
    return String.valueOf(getMessage()).startsWith(NO_OVERLOAD);
  }
}
