package dev.tiphys.apiserver.webhook;

/// A webhook could not be asked, or gave no answer that can be used. The message says why, in
/// upstream's words where it has any.
public final class WebhookException extends Exception {

  private static final long serialVersionUID = 1;

  /// The status of what can't be reached.
  private static final int UNREACHED = 503;

  private final int code;

  public WebhookException(String message) {
    this(message, UNREACHED);
  }

  /// @param code the status of its answer
  public WebhookException(String message, int code) {
    super(message);
    this.code = code;
  }

  public WebhookException(String message, Throwable cause) {
    super(message, cause);
    this.code = UNREACHED;
  }

  /// The status of its answer, or the one that stands for none.
  public int code() {
    return code;
  }
}
