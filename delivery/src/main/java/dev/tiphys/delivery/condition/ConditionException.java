package dev.tiphys.delivery.condition;

/// A condition can't be read, or can't be applied to a value.
public final class ConditionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String text;

  /// @param text what is wrong
  public ConditionException(String text) {
    super(text, null, false, false);
    this.text = text;
  }

  /// What is wrong.
  public String message() {
    return text;
  }
}
