package dev.tiphys.schema.validation;

import java.util.List;

/// A form that a text must have.
@FunctionalInterface
public interface Format {

  /// What keeps `text` from having the form, one message for each broken rule; none if it has it.
  List<String> problems(String text);
}
