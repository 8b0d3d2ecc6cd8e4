package dev.tiphys.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Writes log messages to the standard error, a line each.
///
/// `TIPHYS_LOG` sets the least severe level that is written: `DEBUG`, `INFO` (the default),
/// `WARNING` or `ERROR`.
///
/// Threads: any.
public final class LineLogs extends System.LoggerFinder {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

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
        StringWriter text = new StringWriter();
        text.append(head(level)).append(String.valueOf(message));
        if (thrown != null) {
          text.append('\n');
          thrown.printStackTrace(new PrintWriter(text, true));
        }
        out().println(text.toString().stripTrailing());
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object... values) {
      if (isLoggable(level)) {
        String message =
            format == null || values.length == 0
                ? String.valueOf(format)
                : MessageFormat.format(format.replace("'", "''"), values);
        out().println(head(level) + message);
      }
    }

    private String head(Level level) {
      return TIME.format(LocalDateTime.now(java.time.ZoneOffset.UTC))
          + " "
          + level.name().charAt(0)
          + " "
          + name
          + ": ";
    }

    private static PrintStream out() {
      return System.err;
    }
  }
}
