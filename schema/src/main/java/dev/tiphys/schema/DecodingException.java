package dev.tiphys.schema;

import org.jspecify.annotations.Nullable;

/// A value that does not have the type its field asks for. The message is worded as upstream's,
/// which clients show to their users.
public final class DecodingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public DecodingException(String message) {
    super(message);
  }

  public DecodingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
