package dev.tiphys.store;

import org.jspecify.annotations.Nullable;

/// One change to one key.
///
/// @param key the key
/// @param value the new bytes, given away by the caller; null deletes the key
/// @param expected the revision of the state that is to be replaced, [#ABSENT] if the key must not
///   exist, or [#ANY]
/// @param lease the lease to tie the key to, or 0
/// @param cause the revision that the writer reacts to, or 0; kept beside the value
@SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
public record Write(String key, byte @Nullable [] value, long expected, long lease, long cause) {

  /// The key must not exist.
  public static final long ABSENT = 0;

  /// Whatever the key's state is.
  public static final long ANY = -1;

  public Write {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the key is empty");
    }
  }

  public static Write create(String key, byte[] value) {
    return new Write(key, value, ABSENT, 0, 0);
  }

  public static Write replace(String key, byte[] value, long expected) {
    return new Write(key, value, expected, 0, 0);
  }

  public static Write delete(String key, long expected) {
    return new Write(key, null, expected, 0, 0);
  }

  public Write withLease(long lease) {
    return new Write(key, value, expected, lease, cause);
  }

  public Write withCause(long cause) {
    return new Write(key, value, expected, lease, cause);
  }
}
