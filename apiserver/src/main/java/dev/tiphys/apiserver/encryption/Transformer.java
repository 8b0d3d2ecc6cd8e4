package dev.tiphys.apiserver.encryption;

import org.jspecify.annotations.Nullable;

/// Between the bytes of an object and what is stored of them.
///
/// Threads: any.
public interface Transformer {

  /// Stores bytes as they are.
  Transformer PLAIN = new Identity();

  /// What is to be stored.
  ///
  /// @param key under which it is stored: ciphers that can authenticate it bind the bytes to it
  /// @throws TransformException if that can't be had
  byte[] toStorage(byte[] plain, String key);

  /// The bytes that stored ones stand for.
  ///
  /// @throws TransformException if they can't be read
  Plain fromStorage(byte[] stored, String key);

  /// Whether reading may take long, as another program may be asked.
  default boolean mayWait() {
    return false;
  }

  /// What was stored.
  ///
  /// @param stale whether it would be stored otherwise today, so that it should be written anew
  @SuppressWarnings("ArrayRecordComponent") // a result, never compared
  record Plain(byte[] bytes, boolean stale) {}

  /// Stored bytes can't be read, or can't be made.
  final class TransformException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TransformException(String message) {
      this(message, null);
    }

    public TransformException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
