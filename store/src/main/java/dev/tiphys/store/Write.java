package dev.tiphys.store;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// One change to one key.
///
/// @param key the key
/// @param value the new bytes, given away by the caller; null deletes the key
/// @param expected the revision of the state that is to be replaced, [#ABSENT] if the key must not
///   exist, or [#ANY]
/// @param lease the lease to tie the key to, or 0
/// @param cause the revision that the writer reacts to, or 0; kept beside the value
/// @param frees whether it deletes the key, or leads to that: then it is written even if the disk
///   is full, as long as the room lasts that is kept for that
/// @param attachment makes of the revision what is attached to the new state before it can be read;
///   null for nothing. It must be quick
@SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
public record Write(
    String key,
    byte @Nullable [] value,
    long expected,
    long lease,
    long cause,
    boolean frees,
    @Nullable LongFunction<Object> attachment) {

  /// The key must not exist.
  public static final long ABSENT = 0;

  /// Whatever the key's state is.
  public static final long ANY = -1;

  public Write {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the key is empty");
    }
    frees = frees || value == null;
  }

  public static Write create(String key, byte[] value) {
    return new Write(key, value, ABSENT, 0, 0, false, null);
  }

  /// Writes whatever the key's state is.
  public static Write put(String key, byte[] value) {
    return new Write(key, value, ANY, 0, 0, false, null);
  }

  public static Write replace(String key, byte[] value, long expected) {
    return new Write(key, value, expected, 0, 0, false, null);
  }

  public static Write delete(String key, long expected) {
    return new Write(key, null, expected, 0, 0, true, null);
  }

  public Write withLease(long lease) {
    return new Write(key, value, expected, lease, cause, frees, attachment);
  }

  public Write withCause(long cause) {
    return new Write(key, value, expected, lease, cause, frees, attachment);
  }

  /// Whether the key is to be deleted soon.
  public Write leadingToDeletion(boolean frees) {
    return new Write(key, value, expected, lease, cause, frees, attachment);
  }

  public Write withAttachment(LongFunction<Object> attachment) {
    return new Write(key, value, expected, lease, cause, frees, attachment);
  }
}
