package dev.tiphys.template;

/// A template that can't be parsed or executed. The message is Go's, with the place: `template:
/// NAME:LINE: ...` of a text that is none, and `template: NAME:LINE:COLUMN: executing "NAME" at
/// <...>: ...` of one that fails.
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public TemplateException(String message) {
    super(message);
  }

  public TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
