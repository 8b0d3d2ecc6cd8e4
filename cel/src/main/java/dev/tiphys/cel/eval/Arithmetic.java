package dev.tiphys.cel.eval;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Unsigned;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

/// The operators that compute.
public final class Arithmetic {

  private static final String OVERFLOW = "integer overflow";
  private static final String UNSIGNED_OVERFLOW = "unsigned integer overflow";

  private Arithmetic() {}

  public static Object add(Object one, Object other) {
    return switch (one) {
      case Long a when other instanceof Long b -> exact(a, b, Math::addExact);
      case Unsigned(long a) when other instanceof Unsigned(long b) -> {
        if (Long.compareUnsigned(a + b, a) < 0) {
          throw new EvaluationException(UNSIGNED_OVERFLOW);
        }
        yield new Unsigned(a + b);
      }
      case Double a when other instanceof Double b -> a + b;
      case String a when other instanceof String b -> a + b;
      case Bytes a when other instanceof Bytes b -> joined(a.toArray(), b.toArray());
      case List<?> a when other instanceof List<?> b -> Lists.joined(a, b);
      case Duration a when other instanceof Duration b -> span(a.plus(b));
      case OffsetDateTime a when other instanceof Duration b -> time(a, b);
      case Duration a when other instanceof OffsetDateTime b -> time(b, a);
      default -> throw EvaluationException.noOverload();
    };
  }

  private static Bytes joined(byte[] one, byte[] other) {
    byte[] joined = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return new Bytes(joined);
  }

  public static Object subtract(Object one, Object other) {
    return switch (one) {
      case Long a when other instanceof Long b -> exact(a, b, Math::subtractExact);
      case Unsigned(long a) when other instanceof Unsigned(long b) -> {
        if (Long.compareUnsigned(a, b) < 0) {
          throw new EvaluationException(UNSIGNED_OVERFLOW);
        }
        yield new Unsigned(a - b);
      }
      case Double a when other instanceof Double b -> a - b;
      case Duration a when other instanceof Duration b -> span(a.minus(b));
      case OffsetDateTime a when other instanceof Duration b -> time(a, b.negated());
      case OffsetDateTime a when other instanceof OffsetDateTime b -> span(Duration.between(b, a));
      default -> throw EvaluationException.noOverload();
    };
  }

  public static Object multiply(Object one, Object other) {
    return switch (one) {
      case Long a when other instanceof Long b -> exact(a, b, Math::multiplyExact);
      case Unsigned(long a) when other instanceof Unsigned(long b) -> {
        if (Math.unsignedMultiplyHigh(a, b) != 0) {
          throw new EvaluationException(UNSIGNED_OVERFLOW);
        }
        yield new Unsigned(a * b);
      }
      case Double a when other instanceof Double b -> a * b;
      default -> throw EvaluationException.noOverload();
    };
  }

  public static Object divide(Object one, Object other) {
    if (one instanceof Double a && other instanceof Double b) {
      return a / b;
    }
    refuseZero(other, "division by zero");
    return switch (one) {
      case Long a when other instanceof Long b -> exact(a, b, Math::divideExact);
      case Unsigned(long a) when other instanceof Unsigned(long b) ->
          new Unsigned(Long.divideUnsigned(a, b));
      default -> throw EvaluationException.noOverload();
    };
  }

  public static Object remainder(Object one, Object other) {
    refuseZero(other, "modulus by zero");
    return switch (one) {
      case Long a when other instanceof Long b -> {
        if (a == Long.MIN_VALUE && b == -1) {
          throw new EvaluationException(OVERFLOW);
        }
        yield a % b;
      }
      case Unsigned(long a) when other instanceof Unsigned(long b) ->
          new Unsigned(Long.remainderUnsigned(a, b));
      default -> throw EvaluationException.noOverload();
    };
  }

  private static void refuseZero(Object number, String problem) {
    if (number.equals(0L) || (number instanceof Unsigned(long bits) && bits == 0)) {
      throw new EvaluationException(problem);
    }
  }

  public static Object negate(Object value) {
    return switch (value) {
      case Long number -> exact(0L, number, Math::subtractExact);
      case Double number -> -number;
      default -> throw EvaluationException.noOverload();
    };
  }

  private interface Exact {
    long apply(long one, long other);
  }

  private static Long exact(long one, long other, Exact operation) {
    try {
      return operation.apply(one, other);
    } catch (ArithmeticException e) {
      throw new EvaluationException(OVERFLOW);
    }
  }

  private static Duration span(Duration span) {
    if (Conversions.nanos(span) == Long.MIN_VALUE) {
      throw new EvaluationException("duration overflow");
    }
    return span;
  }

  private static OffsetDateTime time(OffsetDateTime time, Duration span) {
    try {
      return Conversions.bounded(time.plus(span));
    } catch (ArithmeticException | DateTimeException e) {
      throw new EvaluationException("timestamp overflow");
    }
  }
}
