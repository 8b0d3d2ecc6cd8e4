package dev.tiphys.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One state of one key. Immutable, but for [#attachment].
///
/// A [History] gives out the same instance for the same state each time, so what is attached (the
/// decoded value, say) is made once for all readers. It goes when the state goes, or a while after
/// the state was replaced.
public final class KeyValue {

  private static final VarHandle ATTACHMENT;

  static {
    try {
      ATTACHMENT = MethodHandles.lookup().findVarHandle(KeyValue.class, "attachment", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String key;
  private final byte[] value;
  private final long createRevision;
  private final long revision;
  private final long version;
  private final long lease;
  private final long cause;

  @SuppressWarnings("unused") // reached through ATTACHMENT
  private volatile @Nullable Object attachment;

  /// @param value not copied: the caller gives it away
  public KeyValue(
      String key,
      byte[] value,
      long createRevision,
      long revision,
      long version,
      long lease,
      long cause) {
    this.key = key;
    this.value = value;
    this.createRevision = createRevision;
    this.revision = revision;
    this.version = version;
    this.lease = lease;
    this.cause = cause;
  }

  /// The same state with other bytes, given away by the caller, and nothing attached.
  public KeyValue withValue(byte[] other) {
    return new KeyValue(key, other, createRevision, revision, version, lease, cause);
  }

  public String key() {
    return key;
  }

  /// The bytes, not a copy of them: readers must leave them as they are.
  public byte[] value() {
    return value;
  }

  /// The revision that created the key, the last time it was created.
  public long createRevision() {
    return createRevision;
  }

  /// The revision that wrote this state: etcd's `mod_revision`.
  public long revision() {
    return revision;
  }

  /// How many writes the key has seen since it was created, this one included.
  public long version() {
    return version;
  }

  /// The lease the key is tied to, or 0.
  public long lease() {
    return lease;
  }

  /// What made the writer write this: the revision it reacted to, or 0 if it gave none.
  public long cause() {
    return cause;
  }

  /// What a reader attached last, or null.
  public @Nullable Object attachment() {
    return ATTACHMENT.getAcquire(this);
  }

  /// Attaches `made`, for all readers of this instance. The last one wins.
  public void attach(Object made) {
    ATTACHMENT.setRelease(this, made);
  }

  /// Drops what was attached.
  void detach() {
    ATTACHMENT.setRelease(this, (Object) null);
  }

  @Override
  public String toString() {
    return key + "@" + revision;
  }
}
