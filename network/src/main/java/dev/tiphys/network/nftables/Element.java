package dev.tiphys.network.nftables;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An element of a set or of a map.
///
/// @param key its key; the first of several if there is an end
/// @param end the last key that counts as well; null for the key alone. Only in sets of intervals
/// @param value to what a map leads; null otherwise
/// @param verdict to what a map of verdicts leads; null otherwise
/// @param left how long it stays; null for as long as the set says
public record Element(
    Key key,
    @Nullable Key end,
    @Nullable Key value,
    @Nullable Verdict verdict,
    @Nullable Duration left) {

  /// A key of a set.
  public static Element of(Key key) {
    return new Element(key, null, null, null, null);
  }

  /// All keys from one to another, both of them too.
  public static Element range(Key first, Key last) {
    return new Element(first, last, null, null, null);
  }

  /// A key of a map and its value.
  public static Element to(Key key, Key value) {
    return new Element(key, null, value, null, null);
  }

  /// A key of a map of verdicts.
  public static Element to(Key key, Verdict verdict) {
    return new Element(key, null, null, verdict, null);
  }

  /// The same, which goes after a while.
  public Element leavingAfter(Duration span) {
    return new Element(key, end, value, verdict, span);
  }
}
