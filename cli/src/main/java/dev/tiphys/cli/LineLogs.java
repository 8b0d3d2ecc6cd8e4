package dev.tiphys.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes log messages to the standard error, a line each.
///
/// `TIPHYS_LOG` sets the least severe level that is written: `DEBUG`, `INFO` (the default),
/// `WARNING` or `ERROR`.
///
/// A trace of what was thrown follows on lines of its own.
///
/// Threads: any.
public final class LineLogs extends System.LoggerFinder {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private static final Pattern VALUE = Pattern.compile("\\{([0-9])}");

  private static final System.Logger.Level LEAST = least();

  private static System.Logger.Level least() {
    String wanted = System.getenv("TIPHYS_LOG");
    try {
      return wanted == null
          ? System.Logger.Level.INFO
          : System.Logger.Level.valueOf(wanted.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return System.Logger.Level.INFO;
    }
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new LineLogger(name.substring(name.lastIndexOf('.') + 1));
  }

  /// A logger that never throws: a message that cannot be made is said to be so, since whatever
  /// logs has better things to do than to fail of it.
  private record LineLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level != Level.OFF && level.getSeverity() >= LEAST.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        write(level, oneLine(String.valueOf(message)) + trace(thrown));
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object... values) {
      if (isLoggable(level)) {
        // The platform passes null on, not an empty array, for a message without values.
        write(
            level,
            oneLine(
                filled(
                    String.valueOf(format), values == null ? List.of() : Arrays.asList(values))));
      }
    }

    private void write(Level level, String text) {
      String time = TIME.format(LocalDateTime.now(ZoneOffset.UTC));
      System.err.println(time + " " + level.name().charAt(0) + " " + name + ": " + text);
    }
  }

  /// `format` with `{0}`, `{1}` and so on replaced by values; what names no value stays.
  private static String filled(String format, List<?> values) {
    return VALUE
        .matcher(format)
        .replaceAll(
            place -> {
              int number = place.group(1).charAt(0) - '0';
              boolean given = number < values.size();
              return Matcher.quoteReplacement(given ? shown(values.get(number)) : place.group());
            });
  }

  private static String shown(@Nullable Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException e) {
      return "(cannot be shown: " + e + ")";
    }
  }

  private static String oneLine(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }

  private static String trace(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return "\n" + text.toString().stripTrailing();
  }
}
