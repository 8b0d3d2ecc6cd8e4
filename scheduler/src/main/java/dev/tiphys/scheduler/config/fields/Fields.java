package dev.tiphys.scheduler.config.fields;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of a struct of a configuration, as they are read. Those that were never read are not
/// known.
public final class Fields {

  private final Struct struct;
  private final String path;
  private final String type;
  private final String goPath;
  private final Problems problems;
  private final Set<String> read = new HashSet<>();

  /// @param path where the struct is, for messages; empty for the root
  /// @param type the name of its type
  public Fields(Struct struct, String path, String type, Problems problems) {
    this(struct, path, type, "", problems);
  }

  private Fields(Struct struct, String path, String type, String goPath, Problems problems) {
    this.struct = struct;
    this.path = path;
    this.type = type;
    this.goPath = goPath;
    this.problems = problems;
  }

  public Problems problems() {
    return problems;
  }

  /// The whole struct, as it was given.
  public Struct struct() {
    return struct;
  }

  /// Where a field is.
  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public boolean has(String name) {
    read.add(name);
    return struct.has(name) && struct.get(name) != Null.NULL;
  }

  private @Nullable Object value(String name) {
    return has(name) ? struct.get(name) : null;
  }

  private ConfigurationException mismatch(String name, Object value, String goType) {
    return new ConfigurationException(
        "json: cannot unmarshal "
            + jsonType(value)
            + " into Go struct field "
            + type
            + "."
            + goPath
            + name
            + " of type "
            + goType);
  }

  private static String jsonType(Object value) {
    return switch (value) {
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Struct _ -> "object";
      case List<?> _ -> "array";
      default -> "number";
    };
  }

  public String string(String name, String otherwise) {
    Object value = value(name);
    return switch (value) {
      case null -> otherwise;
      case String text -> text;
      default -> throw mismatch(name, value, "string");
    };
  }

  public long integer(String name, long otherwise, String goType) {
    Object value = value(name);
    return switch (value) {
      case null -> otherwise;
      case Long number -> number;
      case Integer number -> number;
      default -> throw mismatch(name, value, goType);
    };
  }

  public boolean bool(String name, boolean otherwise) {
    Object value = value(name);
    return switch (value) {
      case null -> otherwise;
      case Boolean truth -> truth;
      default -> throw mismatch(name, value, "bool");
    };
  }

  public Duration duration(String name, Duration otherwise) {
    String text = string(name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("time: invalid duration \"" + text + "\"", e);
    }
  }

  public List<String> strings(String name) {
    List<String> strings = new ArrayList<>();
    for (Object each : list(name, "[]string")) {
      if (!(each instanceof String text)) {
        throw mismatch(name, each, "string");
      }
      strings.add(text);
    }
    return strings;
  }

  private List<?> list(String name, String goType) {
    Object value = value(name);
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw mismatch(name, value, goType);
    };
  }

  /// The fields of a struct; of an empty one if there is none.
  public Fields object(String name, String ofType) {
    Object value = value(name);
    return switch (value) {
      case null -> child(Struct.EMPTY, at(name), ofType, name);
      case Struct object -> child(object, at(name), ofType, name);
      default -> throw mismatch(name, value, "v1." + ofType);
    };
  }

  public List<Fields> objects(String name, String ofType) {
    List<Fields> objects = new ArrayList<>();
    for (Object each : list(name, "[]v1." + ofType)) {
      if (!(each instanceof Struct object)) {
        throw mismatch(name, each, "v1." + ofType);
      }
      objects.add(child(object, at(name) + "[" + objects.size() + "]", ofType, name));
    }
    return objects;
  }

  private Fields child(Struct child, String at, String ofType, String name) {
    return new Fields(child, at, ofType, goPath + name + ".", problems);
  }

  /// Reports the fields that were never read.
  public void end() {
    for (String name : struct.names()) {
      if (!read.contains(name)) {
        problems.unknown("unknown field \"" + at(name) + "\"");
      }
    }
  }

  /// Takes note that fields are known whose values mean nothing here.
  public Fields ignoring(String... names) {
    read.addAll(List.of(names));
    return this;
  }
}
