package dev.tiphys.delivery.measuring;

/// A measurement could not be taken.
public final class MeasuringException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String text;

  /// @param text as the measurement's message has it
  public MeasuringException(String text) {
    super(text, null, false, false);
    this.text = text;
  }

  public String message() {
    return text;
  }
}
