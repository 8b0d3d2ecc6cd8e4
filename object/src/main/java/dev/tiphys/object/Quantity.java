package dev.tiphys.object;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An amount of a resource, such as `500m`, `1Gi` or `2e3`: Kubernetes' fixed-point number.
///
/// Kept exactly down to one billionth; finer parts are rounded up, away from zero, and amounts
/// beyond the 64-bit range are cut to it. The canonical text keeps the family of units that the
/// quantity was written with, has no fraction, and takes the largest unit that allows that. See
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>.
public final class Quantity implements Comparable<Quantity> {

  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

  private static final String MALFORMED =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal BINARY_STEP = BigDecimal.valueOf(1024);
  private static final int FINEST_SCALE = 9;
  private static final int MOST_KEPT_DIGITS = 18;
  private static final Pattern SUFFIX = Pattern.compile("[eEinumkKMGTP]*[-+]?[0-9]*");
  private static final String DECIMAL_UNITS = "num kMGTPE";
  private static final String BINARY_UNITS = "KMGTPE";

  /// Quantities parsed before, by their text: the same few are read again and again.
  private static final Entry[] PARSED = new Entry[1 << 10];

  /// The family of units a quantity is written in.
  private enum Format {
    DECIMAL_SI,
    BINARY_SI,
    DECIMAL_EXPONENT
  }

  private record Entry(String text, Quantity quantity) {}

  private final BigDecimal amount;
  private final Format format;
  private @Nullable String text;

  private Quantity(BigDecimal amount, Format format) {
    this(amount, format, null);
  }

  private Quantity(BigDecimal amount, Format format, @Nullable String text) {
    this.amount = amount;
    this.format = format;
    this.text = text;
  }

  /// @throws IllegalArgumentException if `text` is no quantity; the message is upstream's
  public static Quantity parse(String text) {
    int place = (text.hashCode() * 0x9E3779B9 >>> 16) & (PARSED.length - 1);
    Entry known = PARSED[place];
    if (known != null && known.text.equals(text)) {
      return known.quantity;
    }
    Quantity parsed = read(text);
    PARSED[place] = new Entry(text, parsed);
    return parsed;
  }

  /// A quantity of whole units.
  public static Quantity of(long units) {
    return new Quantity(BigDecimal.valueOf(units), Format.DECIMAL_SI);
  }

  public static Quantity ofMilli(long thousandths) {
    return new Quantity(BigDecimal.valueOf(thousandths, 3), Format.DECIMAL_SI);
  }

  /// A quantity of billionths, as processor time is measured.
  public static Quantity ofNano(long billionths) {
    return new Quantity(BigDecimal.valueOf(billionths, 9), Format.DECIMAL_SI);
  }

  /// A quantity of bytes, written in binary units.
  public static Quantity ofBytes(long bytes) {
    return new Quantity(BigDecimal.valueOf(bytes), Format.BINARY_SI);
  }

  /// Reads what stands in a tree: a text, or a number where the quotes were left out.
  ///
  /// @throws IllegalArgumentException if it is no quantity
  public static Quantity from(@Nullable Object value) {
    return switch (value) {
      case null -> ZERO;
      case String text -> parse(text);
      case Long number -> of(number);
      case Double number -> parse(BigDecimal.valueOf(number).toPlainString());
      default -> throw new IllegalArgumentException(MALFORMED);
    };
  }

  private static Quantity read(String padded) {
    String text = padded.strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(MALFORMED);
    }
    int sign = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    int point = digits(text, sign);
    int end = point < text.length() && text.charAt(point) == '.' ? digits(text, point + 1) : point;
    String suffix = text.substring(end);
    if (!SUFFIX.matcher(suffix).matches()) {
      throw new IllegalArgumentException(MALFORMED);
    }
    String whole = text.substring(sign, point);
    String fraction = end == point ? "" : text.substring(point + 1, end);
    if (whole.isEmpty() && fraction.isEmpty() && end > point) {
      throw new IllegalArgumentException("unable to parse numeric part of quantity");
    }
    BigDecimal number =
        new BigDecimal("0" + whole + "." + fraction + "0").setScale(fraction.length());
    Quantity read = read(text.startsWith("-") ? number.negate() : number, suffix);
    return !read.amount.equals(LARGEST)
            && isShown(read.format, whole.replaceFirst("^0+", "") + fraction, fraction, suffix)
        ? new Quantity(read.amount, read.format, text)
        : read;
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static Quantity read(BigDecimal number, String suffix) {
    return switch (suffix) {
      case "" -> of(number, Format.DECIMAL_SI);
      case "n", "u", "m", "k", "M", "G", "T", "P", "E" ->
          of(number.scaleByPowerOfTen(unitExponent(suffix)), Format.DECIMAL_SI);
      case "Ki", "Mi", "Gi", "Ti", "Pi", "Ei" ->
          of(
              number.multiply(BINARY_STEP.pow(BINARY_UNITS.indexOf(suffix.charAt(0)) + 1)),
              Format.BINARY_SI);
      default -> of(number.scaleByPowerOfTen(exponent(suffix)), Format.DECIMAL_EXPONENT);
    };
  }

  /// Whether upstream shows a quantity as it was written, taking it to be canonical already: `+5`,
  /// `1.500`.
  ///
  /// @param digits the digits of the number, without its point
  private static boolean isShown(Format format, String digits, String fraction, String suffix) {
    if (digits.isEmpty() || digits.length() > MOST_KEPT_DIGITS) {
      return false;
    }
    if (format == Format.BINARY_SI) {
      return fraction.isEmpty() && Long.parseLong(digits) % 8 != 0;
    }
    int exponent = format == Format.DECIMAL_EXPONENT ? exponent(suffix) : unitExponent(suffix);
    return Math.floorMod(exponent - fraction.length(), 3) == 0
        && fraction.length() - exponent <= FINEST_SCALE
        && !digits.endsWith("000")
        && digits.charAt(0) != '0';
  }

  /// The power of ten that a decimal unit stands for.
  private static int unitExponent(String unit) {
    return unit.isEmpty() ? 0 : DECIMAL_UNITS.indexOf(unit.charAt(0)) * 3 - 9;
  }

  private static int exponent(String suffix) {
    char first = suffix.charAt(0);
    try {
      if ((first == 'e' || first == 'E') && suffix.length() > 1) {
        int exponent = Integer.parseInt(suffix.substring(1));
        return Math.clamp(exponent, -1000, 1000);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("unable to parse quantity's suffix", e);
    }
    throw new IllegalArgumentException("unable to parse quantity's suffix");
  }

  private static Quantity of(BigDecimal amount, Format format) {
    BigDecimal kept = amount;
    if (kept.scale() > FINEST_SCALE) {
      kept = kept.setScale(FINEST_SCALE, RoundingMode.UP);
    }
    if (kept.compareTo(LARGEST) > 0) {
      kept = LARGEST;
    } else if (kept.compareTo(LARGEST.negate()) < 0) {
      kept = LARGEST.negate();
    }
    return new Quantity(kept, format);
  }

  /// Whole units, rounded up.
  public long units() {
    return amount.setScale(0, RoundingMode.CEILING).longValue();
  }

  /// Thousandths, rounded up; cut to the 64-bit range.
  public long milli() {
    BigDecimal thousandths = amount.movePointRight(3).setScale(0, RoundingMode.CEILING);
    return thousandths.compareTo(LARGEST) > 0 ? Long.MAX_VALUE : thousandths.longValue();
  }

  /// This quantity, rounded up to thousandths.
  public Quantity roundedUpToMilli() {
    return amount.scale() <= 3 ? this : new Quantity(amount.setScale(3, RoundingMode.UP), format);
  }

  /// The nearest number with a fraction.
  public double doubleValue() {
    return amount.doubleValue();
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  public boolean isNegative() {
    return amount.signum() < 0;
  }

  public boolean isWhole() {
    return amount.stripTrailingZeros().scale() <= 0;
  }

  /// The sum, in this quantity's units; in the other's if this is zero.
  public Quantity plus(Quantity other) {
    return of(amount.add(other.amount), isZero() ? other.format : format);
  }

  public Quantity minus(Quantity other) {
    return of(amount.subtract(other.amount), isZero() ? other.format : format);
  }

  public Quantity times(long factor) {
    return of(amount.multiply(BigDecimal.valueOf(factor)), format);
  }

  /// By amount: `1000m` is the same as `1`.
  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  /// The canonical text.
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = canonical();
      text = known;
    }
    return known;
  }

  private String canonical() {
    if (isZero()) {
      return "0";
    }
    boolean small = amount.abs().compareTo(BINARY_STEP) < 0;
    if (format == Format.BINARY_SI && !small && isWhole()) {
      return binary();
    }
    return decimal(format == Format.DECIMAL_EXPONENT);
  }

  private String binary() {
    BigInteger rest = amount.toBigIntegerExact();
    int unit = 0;
    while (unit < BINARY_UNITS.length() && rest.getLowestSetBit() >= 10) {
      rest = rest.shiftRight(10);
      unit++;
    }
    return unit == 0 ? rest.toString() : rest.toString() + BINARY_UNITS.charAt(unit - 1) + "i";
  }

  private String decimal(boolean asExponent) {
    BigDecimal stripped = amount.stripTrailingZeros();
    int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
    String digits = stripped.movePointLeft(exponent).toBigIntegerExact().toString();
    if (exponent == 0) {
      return digits;
    }
    return asExponent ? digits + "e" + exponent : digits + DECIMAL_UNITS.charAt((exponent + 9) / 3);
  }
}
