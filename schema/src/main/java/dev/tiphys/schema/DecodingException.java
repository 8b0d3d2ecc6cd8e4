package dev.tiphys.schema;

import org.jspecify.annotations.Nullable;

/// A value that does not have the type its field asks for. The message is worded as upstream's,
/// which clients show to their users.
public final class DecodingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String conversionText;

  public DecodingException(String message) {
    this(message, message, null);
  }

  public DecodingException(String message, @Nullable Throwable cause) {
    this(message, message, cause);
  }

  DecodingException(String message, String conversionText, @Nullable Throwable cause) {
    super(message, cause);
    this.conversionText = conversionText;
  }

  /// What upstream says when it does not decode text but converts a tree, as it does with the
  /// result of a strategic merge patch.
  public String conversionText() {
    return conversionText;
  }
}
