package dev.tiphys.apiserver.admission.expression;

/// All that expressions may cost together is spent.
public final class OutOfBudgetException extends Exception {

  private static final long serialVersionUID = 1;

  OutOfBudgetException() {
    super(
        "validation failed due to running out of cost budget, no further validation rules will be"
            + " run");
  }

  /// The message, in upstream's words.
  public String text() {
    return String.valueOf(getMessage());
  }
}
