package dev.tiphys.store.etcd;

import com.google.protobuf.ByteString;

/// Keys as etcd takes them: bytes, here those of UTF-8. Their order is that of the strings, for all
/// characters up to U+D7FF.
final class EtcdKeys {

  /// In place of the end of a range: there is none. In place of a key: the least one.
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private EtcdKeys() {}

  /// The keys from `first` up to, but not including, `end`.
  record Range(ByteString first, ByteString end) {

    boolean isEmpty() {
      return !end.equals(ZERO)
          && ByteString.unsignedLexicographicalComparator().compare(first, end) >= 0;
    }

    /// The part of this range that comes after `key`.
    Range after(ByteString key) {
      ByteString next = key.concat(ZERO);
      boolean later = ByteString.unsignedLexicographicalComparator().compare(next, first) > 0;
      return later ? new Range(next, end) : this;
    }
  }

  static ByteString key(String key) {
    return ByteString.copyFromUtf8(key);
  }

  /// All keys that start with `prefix`.
  static Range startingWith(String prefix) {
    return prefix.isEmpty() ? new Range(ZERO, ZERO) : new Range(key(prefix), endOf(key(prefix)));
  }

  /// The first key after all that start with `prefix`. The last byte can be raised by one: in UTF-8
  /// no byte is 0xff.
  private static ByteString endOf(ByteString prefix) {
    int last = prefix.size() - 1;
    byte raised = (byte) (prefix.byteAt(last) + 1);
    return prefix.substring(0, last).concat(ByteString.copyFrom(new byte[] {raised}));
  }
}
