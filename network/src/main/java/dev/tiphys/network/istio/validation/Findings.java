package dev.tiphys.network.istio.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What was found in an object.
///
/// Not shared between threads.
final class Findings {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final List<String> errors = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  List<String> errors() {
    return errors;
  }

  List<String> warnings() {
    return warnings;
  }

  void error(String message, Object... values) {
    errors.add(message.formatted(values));
  }

  void warn(String message, Object... values) {
    warnings.add(message.formatted(values));
  }

  /// @param where as the field is called in messages
  void expression(Struct match, String where) {
    if (!match.has("regex")) {
      return;
    }
    String text = match.string("regex");
    if (text.isEmpty()) {
      error("\"%s\": regex string match should not be empty", where);
      return;
    }
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      error(
          "\"%s\": %s; Istio uses RE2 style regex-based match"
              + " (https://github.com/google/re2/wiki/Syntax)",
          where, String.valueOf(e.getMessage()));
    }
  }

  void headerName(String name) {
    if (name.isEmpty()) {
      error("header name cannot be empty");
    } else if (!name.matches("[-_A-Za-z0-9]+")) {
      error("header name %s is not a valid header name", name);
    }
  }

  void port(long number) {
    if (number < 1 || number > 65535) {
      error("port number %d must be in the range 1..65535", number);
    }
  }

  void percent(double value) {
    if (value < 0 || value > 100) {
      error("percentage %s is not in range 0..100", number(value));
    }
  }

  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  void status(long status) {
    if (status < 200 || status > 600) {
      error("HTTP status %d is not in range 200-599", status);
    }
  }

  void duration(Struct object, String name) {
    if (object.has(name)) {
      Duration read = GoDuration.parse(object.string(name));
      if (read == null || read.compareTo(SHORTEST) < 0) {
        error("duration must be greater than 1ms");
      }
    }
  }
}
