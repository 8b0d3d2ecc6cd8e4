package dev.tiphys.secrets.kept;

/// A Secret cannot be what an ExternalSecret wants, until one of them is changed. The message says
/// all of it.
public final class TargetException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String condition;

  /// @param condition the message of the condition
  /// @param why all that is known, for an event
  public TargetException(String condition, String why) {
    super(why);
    this.condition = condition;
  }

  /// The message of the condition.
  public String condition() {
    return condition;
  }

  /// All of it.
  public String why() {
    return String.valueOf(getMessage());
  }
}
