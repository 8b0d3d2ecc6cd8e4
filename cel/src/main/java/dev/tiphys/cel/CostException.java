package dev.tiphys.cel;

/// An evaluation has cost more than it may. Nothing within the expression can make up for it.
public final class CostException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CostException() {
    super("operation cancelled: actual cost limit exceeded", null, false, false);
  }
}
