package dev.tiphys.cel;

/// A whole number of 64 bits without a sign.
///
/// @param bits the number; negative for those beyond the range of a signed one
public record Unsigned(long bits) implements Comparable<Unsigned> {

  @Override
  public int compareTo(Unsigned other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  /// The nearest number with a fraction.
  public double doubleValue() {
    return bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(bits);
  }
}
