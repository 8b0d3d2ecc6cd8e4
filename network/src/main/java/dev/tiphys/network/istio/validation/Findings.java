package dev.tiphys.network.istio.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /// What requests or connections are given to.
  void destinations(List<Struct> targets) {
    long sum = 0;
    for (Struct target : targets) {
      long weight = target.integer("weight");
      if (weight < 0) {
        error("weight %d < 0", weight);
      }
      sum += Math.max(0, weight);
      if (target.has("destination", "port")) {
        port(target.integer("destination", "port", "number"));
      }
    }
    if (targets.size() > 1 && sum == 0) {
      error("total destination weight = 0");
    }
  }

  /// @param namespace of the object
  /// @param mayBeNone whether it may be exported to no namespace at all
  void exports(List<String> to, String namespace, boolean mayBeNone) {
    Set<String> seen = new HashSet<>();
    for (String each : to) {
      if (!seen.add(each.equals(".") ? namespace : each)) {
        error(
            each.equals(".")
                ? "duplicate entries in exportTo: . and current namespace %s"
                : "duplicate entries in exportTo for entry %s",
            each.equals(".") ? namespace : each);
      } else if (each.equals("~") && !mayBeNone) {
        error("exportTo ~ (none) is not allowed for Istio configuration objects");
      } else if (!each.matches("[.*~]|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
        error("only .,*, or a valid DNS 1123 label is allowed as exportTo entry");
      }
    }
    if (to.size() > 1 && to.contains("*")) {
      error("cannot have both public (*) and non-public exportTo values for a resource");
    }
    if (to.size() > 1 && to.contains("~")) {
      error("cannot export service entry to no one (~) and someone");
    }
  }
}
