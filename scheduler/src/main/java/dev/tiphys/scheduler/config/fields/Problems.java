package dev.tiphys.scheduler.config.fields;

import java.util.ArrayList;
import java.util.List;

/// What is wrong with a configuration, worded as upstream words it.
public final class Problems {

  private final List<String> unknown = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();

  public void unknown(String what) {
    unknown.add(what);
  }

  /// @param value as it is shown: strings in quotes
  public void invalid(String path, Object value, String why) {
    invalid.add(path + ": Invalid value: " + shown(value) + ": " + why);
  }

  public void required(String path, String why) {
    invalid.add(path + ": Required value" + (why.isEmpty() ? "" : ": " + why));
  }

  public void duplicate(String path, Object value) {
    invalid.add(path + ": Duplicate value: " + shown(value));
  }

  public void forbidden(String path, String why) {
    invalid.add(path + ": Forbidden: " + why);
  }

  public void unsupported(String path, String value, List<String> supported) {
    invalid.add(
        path
            + ": Unsupported value: "
            + shown(value)
            + ": supported values: "
            + String.join(", ", supported.stream().map(Problems::shown).toList()));
  }

  private static String shown(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : value.toString();
  }

  /// @throws ConfigurationException if something was not known
  public void throwIfUnknown() {
    if (!unknown.isEmpty()) {
      throw new ConfigurationException("strict decoding error: " + String.join(", ", unknown));
    }
  }

  /// @throws ConfigurationException if something was wrong
  public void throwIfInvalid() {
    if (invalid.size() == 1) {
      throw new ConfigurationException(invalid.getFirst());
    }
    if (!invalid.isEmpty()) {
      throw new ConfigurationException("[" + String.join(", ", invalid) + "]");
    }
  }
}
