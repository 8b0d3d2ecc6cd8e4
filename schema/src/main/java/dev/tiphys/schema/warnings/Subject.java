package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import java.util.ArrayList;
import java.util.List;

/// A struct that may be warned about, where it is, and the warnings found so far.
///
/// Threads: one.
final class Subject {

  private final Struct object;
  private final String path;
  private final List<String> warnings;

  private Subject(Struct object, String path, List<String> warnings) {
    this.object = object;
    this.path = path;
    this.warnings = warnings;
  }

  static Subject top(Struct object) {
    return new Subject(object, "", new ArrayList<>(0));
  }

  Struct object() {
    return object;
  }

  List<String> warnings() {
    return warnings;
  }

  /// The path of what is below it.
  String path(String below) {
    return path.isEmpty() || below.isEmpty() ? path + below : path + "." + below;
  }

  /// The struct at the end of a path of names.
  Subject at(String... names) {
    return new Subject(object.struct(names), path(String.join(".", names)), warnings);
  }

  /// The structs in a list.
  List<Subject> items(String... names) {
    List<Struct> items = object.structs(names);
    List<Subject> subjects = new ArrayList<>(items.size());
    String list = path(String.join(".", names));
    for (int i = 0; i < items.size(); i++) {
      subjects.add(new Subject(items.get(i), list + "[" + i + "]", warnings));
    }
    return subjects;
  }

  /// Warns of what is at a path below it.
  void warn(String below, String text) {
    warnings.add(path(below) + ": " + text);
  }

  /// A warning that does not begin with a path.
  void say(String text) {
    warnings.add(text);
  }

  /// A text in quotes.
  static String quoted(Object text) {
    return FieldError.quoted(String.valueOf(text));
  }
}
