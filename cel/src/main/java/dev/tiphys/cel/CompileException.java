package dev.tiphys.cel;

/// An expression is not sound. The message tells what is wrong and where, a paragraph a problem.
public final class CompileException extends Exception {

  private static final long serialVersionUID = 1;

  private final Stage stage;

  /// What failed.
  public enum Stage {
    COMPILATION("compilation"),

    /// A value that is known before evaluation is none.
    INSTANTIATION("program instantiation");

    private final String text;

    Stage(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public CompileException(Stage stage, String message) {
    super(message);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }
}
