package dev.tiphys.apiserver.webhook;

/// A webhook could not be asked, or gave no answer that can be used. The message says why, in
/// upstream's words where it has any.
public final class WebhookException extends Exception {

  private static final long serialVersionUID = 1;

  public WebhookException(String message) {
    super(message);
  }

  public WebhookException(String message, Throwable cause) {
    super(message, cause);
  }
}
