package dev.tiphys.object.encoding;

import org.jspecify.annotations.Nullable;

/// Bytes that are not what they are said to be. The message says what is wrong with them.
public final class EncodingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public EncodingException(String message) {
    super(message);
  }

  public EncodingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
