package dev.tiphys.network.ingress.annotations;

import dev.tiphys.network.Prefix;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the values of annotations, and remembers which of them can't be read or kept.
///
/// Not shared between threads.
public final class AnnotationValues {

  private final Struct values;
  private final List<String> problems = new ArrayList<>();
  private boolean closed;

  private AnnotationValues(Struct values) {
    this.values = values;
  }

  /// Those of an Ingress. Names that are not known are problems.
  public static AnnotationValues of(Struct ingress) {
    AnnotationValues read = new AnnotationValues(Meta.of(ingress).annotations());
    for (String name : read.values.names()) {
      String own =
          name.startsWith(AnnotationNames.PREFIX)
              ? name.substring(AnnotationNames.PREFIX.length())
              : "";
      if (!own.isEmpty()
          && !AnnotationNames.KEPT.contains(own)
          && !AnnotationNames.WITHOUT_EFFECT.contains(own)) {
        read.problems.add("annotation " + name + " is not supported");
        read.closed |= AnnotationNames.PROTECTING.contains(own);
      }
    }
    return read;
  }

  /// Whether something that was to protect can't be kept.
  public boolean isClosed() {
    return closed;
  }

  /// Something that was to protect can't be kept: nothing is served.
  public void close() {
    closed = true;
  }

  /// What is asked for and can't be kept, once each.
  public List<String> problems() {
    return problems.stream().distinct().toList();
  }

  /// A value as it is written; null if there is none.
  public @Nullable String text(String name) {
    String value = values.string(AnnotationNames.PREFIX + name);
    return value.isEmpty() ? null : value;
  }

  /// A value as it is written.
  public String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  /// The parts of a text that are separated by commas.
  public List<String> list(String name) {
    return Arrays.stream(text(name, "").split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .toList();
  }

  /// A value that is true or false.
  public boolean flag(String name, boolean otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    // what Go reads as a truth value
    if (List.of("1", "t", "T", "true", "TRUE", "True").contains(value)) {
      return true;
    }
    if (!List.of("0", "f", "F", "false", "FALSE", "False").contains(value)) {
      invalid(name, value);
      return otherwise;
    }
    return false;
  }

  /// A value that is no less than 0.
  public int number(String name, int otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    invalid(name, value);
    return otherwise;
  }

  /// A value can't be read.
  public void invalid(String name, String value) {
    problems.add(
        "annotation "
            + AnnotationNames.PREFIX
            + name
            + " contains invalid value \""
            + value
            + "\"");
  }

  /// @param protect whether nothing is served if the ranges can't be read
  public List<Prefix> ranges(boolean protect, String... names) {
    for (String name : names) {
      String value = text(name);
      if (value == null) {
        continue;
      }
      List<Prefix> ranges = new ArrayList<>();
      for (String each : list(name)) {
        Prefix range = Prefix.parse(each);
        if (range == null) {
          invalid(name, value);
          closed |= protect;
          return List.of();
        }
        ranges.add(range);
      }
      return ranges;
    }
    return List.of();
  }
}
