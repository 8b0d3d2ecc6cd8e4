package dev.tiphys.cel;

/// An expression is not sound. The message tells what is wrong and where, a paragraph a problem.
public final class CompileException extends Exception {

  private static final long serialVersionUID = 1;

  public CompileException(String message) {
    super(message);
  }
}
