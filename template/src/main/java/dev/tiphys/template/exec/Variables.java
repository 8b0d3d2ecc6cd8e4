package dev.tiphys.template.exec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The variables that can be seen, the innermost last.
final class Variables {

  private final List<String> names = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  int mark() {
    return names.size();
  }

  void backTo(int mark) {
    names.subList(mark, names.size()).clear();
    values.subList(mark, values.size()).clear();
  }

  void declare(String name, @Nullable Object value) {
    names.add(name);
    values.add(value);
  }

  /// Sets the variable that was declared as the last one but some.
  void set(int fromTop, @Nullable Object value) {
    values.set(values.size() - fromTop, value);
  }

  /// The place of the innermost variable of a name; negative if there is none.
  int find(String name) {
    return names.lastIndexOf(name);
  }

  @Nullable Object value(int place) {
    return values.get(place);
  }

  void assign(int place, @Nullable Object value) {
    values.set(place, value);
  }
}
