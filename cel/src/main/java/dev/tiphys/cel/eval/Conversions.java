package dev.tiphys.cel.eval;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.GoPrint;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Set;

/// Values as values of other types.
public final class Conversions {

  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");
  public static final OffsetDateTime FIRST = OffsetDateTime.parse("0001-01-01T00:00:00Z");
  private static final OffsetDateTime LAST = OffsetDateTime.parse("9999-12-31T23:59:59.999999999Z");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendOffset("+HH:MM", "Z")
          .toFormatter(Locale.ROOT);

  private Conversions() {}

  private static EvaluationException failed(Object value, String to) {
    return new EvaluationException(
        "type conversion error from '" + Values.typeOf(value).name() + "' to '" + to + "'");
  }

  public static Object toInt(Object value) {
    return switch (value) {
      case Double number -> {
        if (!(number > -0x1p63 && number < 0x1p63)) {
          throw new EvaluationException("integer overflow");
        }
        yield number.longValue();
      }
      case Unsigned(long bits) -> {
        if (bits < 0) {
          throw new EvaluationException("integer overflow");
        }
        yield bits;
      }
      case String text -> {
        try {
          yield Long.valueOf(text);
        } catch (NumberFormatException e) {
          throw failed(value, "int");
        }
      }
      case OffsetDateTime time -> time.toEpochSecond();
      case Duration span -> nanos(span);
      default -> value;
    };
  }

  public static Object toUint(Object value) {
    return switch (value) {
      case Double number -> {
        if (!(number >= 0 && number < 0x1p64)) {
          throw new EvaluationException("unsigned integer overflow");
        }
        yield new Unsigned(new BigDecimal(number).toBigInteger().longValue());
      }
      case Long number -> {
        if (number < 0) {
          throw new EvaluationException("unsigned integer overflow");
        }
        yield new Unsigned(number);
      }
      case String text -> {
        try {
          if (text.startsWith("+")) {
            throw failed(value, "uint");
          }
          yield new Unsigned(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
          throw failed(value, "uint");
        }
      }
      default -> value;
    };
  }

  public static Object toDouble(Object value) {
    return switch (value) {
      case Long number -> number.doubleValue();
      case Unsigned number -> number.doubleValue();
      case String text -> {
        try {
          yield switch (text) {
            case "NaN" -> Double.NaN;
            case "Inf", "+Inf", "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
              if (!text.equals(text.strip()) || text.endsWith("d") || text.endsWith("f")) {
                throw failed(value, "double");
              }
              yield Double.parseDouble(text);
            }
          };
        } catch (NumberFormatException e) {
          throw failed(value, "double");
        }
      }
      default -> value;
    };
  }

  public static Object toBool(Object value) {
    if (value instanceof String text) {
      if (TRUE.contains(text)) {
        return true;
      }
      if (FALSE.contains(text)) {
        return false;
      }
      throw failed(value, "bool");
    }
    return value;
  }

  public static Object toText(Object value) {
    if (value instanceof Bytes bytes) {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes.toArray()))
            .toString();
      } catch (CharacterCodingException e) {
        throw new EvaluationException("invalid UTF-8 in bytes, cannot convert to string");
      }
    }
    return shown(value);
  }

  public static Object toTime(Object value) {
    return switch (value) {
      case Long seconds -> {
        try {
          yield bounded(Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC));
        } catch (DateTimeException e) {
          throw overflow();
        }
      }
      case String text -> {
        try {
          yield time(text);
        } catch (IllegalArgumentException e) {
          throw failed(value, "google.protobuf.Timestamp");
        }
      }
      default -> value;
    };
  }

  public static Object toSpan(Object value) {
    return switch (value) {
      case Long nanos -> Duration.ofNanos(nanos);
      case String text -> {
        try {
          yield GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
          throw failed(value, "google.protobuf.Duration");
        }
      }
      default -> value;
    };
  }

  /// A time keeps how far it is from UTC.
  ///
  /// @throws IllegalArgumentException if it is none
  static OffsetDateTime time(String text) {
    Instant time = Timestamps.parse(text);
    boolean utc = text.endsWith("Z");
    return time.atOffset(utc ? ZoneOffset.UTC : ZoneOffset.of(text.substring(text.length() - 6)));
  }

  static OffsetDateTime bounded(OffsetDateTime time) {
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw overflow();
    }
    return time;
  }

  private static EvaluationException overflow() {
    return new EvaluationException("timestamp overflow");
  }

  static long nanos(Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException e) {
      throw new EvaluationException("duration overflow");
    }
  }

  /// A value as a text.
  public static String shown(Object value) {
    return switch (value) {
      case Double number -> GoPrint.number(number);
      case OffsetDateTime time -> TIME.format(time);
      case Duration span -> seconds(span) + "s";
      case Null _ -> "null";
      default -> value.toString();
    };
  }

  /// Seconds with as many digits after the point as need be.
  static String seconds(Duration span) {
    return BigDecimal.valueOf(nanos(span), 9).stripTrailingZeros().toPlainString();
  }
}
