package dev.tiphys.cel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A value of bytes.
///
/// Threads: any; immutable.
public final class Bytes implements Comparable<Bytes> {

  private final byte[] octets;

  /// @param octets not changed afterwards
  public Bytes(byte[] octets) {
    this.octets = octets;
  }

  public int size() {
    return octets.length;
  }

  /// The octet at a position, as a number from 0 to 255.
  public int at(int position) {
    return octets[position] & 0xff;
  }

  /// A copy of the octets.
  public byte[] toArray() {
    return octets.clone();
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(octets, other.octets);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes bytes && Arrays.equals(octets, bytes.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return Arrays.toString(octets);
  }
}
