package dev.tiphys.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in a tree its reader is, for messages.
///
/// Threads: one.
final class FieldPath {

  /// Names of fields, indices in lists, and keys of maps.
  private final List<Object> steps = new ArrayList<>();

  private record Key(String name) {}

  private final List<Type> types = new ArrayList<>();

  void enter(Object nameOrIndex) {
    steps.add(nameOrIndex);
  }

  void enterKey(String key) {
    steps.add(new Key(key));
  }

  void leave() {
    steps.removeLast();
  }

  void enterType(Type type) {
    types.add(type);
  }

  void leaveType() {
    types.removeLast();
  }

  /// The path of a field of the struct that is being read: `spec.containers[0].imag`.
  String with(String name) {
    StringBuilder text = new StringBuilder();
    for (Object step : steps) {
      append(text, step);
    }
    append(text, name);
    return text.toString();
  }

  private static void append(StringBuilder text, Object step) {
    switch (step) {
      case Integer index -> text.append('[').append(index).append(']');
      case Key(String name) -> text.append(text.isEmpty() ? "" : ".").append(name);
      default -> text.append(text.isEmpty() ? "" : ".").append(step);
    }
  }

  /// The path as Go's decoder tells it: the innermost struct's type, then the names of fields
  /// without indices and keys.
  String goField() {
    StringBuilder text = new StringBuilder();
    text.append(types.isEmpty() ? "" : types.getLast().shortName());
    for (Object step : steps) {
      if (step instanceof String name) {
        text.append('.').append(name);
      }
    }
    return text.toString();
  }

  /// What Go calls the type of the field that is being read, or of the elements of its list; null
  /// if it has no name of its own.
  @Nullable String goType() {
    Object last = steps.isEmpty() ? "" : steps.getLast();
    boolean element = !(last instanceof String);
    Object name = element ? steps.get(steps.size() - 2) : last;
    Field field =
        types.isEmpty() || !(name instanceof String text) ? null : types.getLast().fieldNamed(text);
    String goType = field == null ? null : field.goType();
    return goType != null && element ? elementOf(goType) : goType;
  }

  private static @Nullable String elementOf(String goType) {
    return goType.startsWith("[]") || goType.startsWith("map[")
        ? goType.substring(goType.indexOf(']') + 1)
        : null;
  }

  /// The name Go prints for a type: its package's last part and its own name.
  static String goName(String fullName) {
    int name = fullName.lastIndexOf('.');
    int version = fullName.lastIndexOf('.', name - 1);
    return fullName.substring(version + 1);
  }
}
