package dev.tiphys.cel;

/// From how much to how much something may be: a size or a cost, in whole numbers from zero on.
///
/// Sums and products that grow beyond all bounds are [#ENDLESS].
public record Range(long min, long max) {

  public static final long ENDLESS = Long.MAX_VALUE;
  public static final Range ANY = new Range(0, ENDLESS);
  public static final Range ZERO = new Range(0, 0);
  public static final Range ONE = new Range(1, 1);

  public static Range of(long exactly) {
    return new Range(exactly, exactly);
  }

  public Range plus(Range other) {
    return new Range(plus(min, other.min), plus(max, other.max));
  }

  public Range times(Range other) {
    return new Range(times(min, other.min), times(max, other.max));
  }

  /// Rounded up.
  public Range times(double factor) {
    return new Range(times(min, factor), times(max, factor));
  }

  /// The range that has both within it.
  public Range or(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  static long plus(long one, long other) {
    long sum = one + other;
    return sum < 0 ? ENDLESS : sum;
  }

  static long times(long one, long other) {
    if (one == 0 || other == 0) {
      return 0;
    }
    return one > ENDLESS / other ? ENDLESS : one * other;
  }

  public static long times(long size, double factor) {
    return (long) Math.min(Math.ceil(size * factor), ENDLESS);
  }
}
