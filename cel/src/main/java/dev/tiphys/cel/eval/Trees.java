package dev.tiphys.cel.eval;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of expressions as parts of an object tree.
public final class Trees {

  private Trees() {}

  /// The tree that a value stands for.
  ///
  /// @throws EvaluationException if it stands for none
  public static Object of(Object value) {
    return switch (value) {
      case TreeMapValue map -> map.tree();
      case MapValue map -> struct(map);
      case List<?> list -> list(list);
      case Boolean _, Long _, Double _, String _ -> value;
      case Null _ -> value;
      case Unsigned(long bits) -> bits;
      case Bytes bytes -> Base64.getEncoder().encodeToString(bytes.toArray());
      case OffsetDateTime _, Duration _ -> Conversions.shown(value);
      default ->
          throw new EvaluationException(
              "no value of an object is of type " + Values.typeOf(value).name());
    };
  }

  private static Struct struct(MapValue map) {
    StructBuilder struct = new StructBuilder();
    for (Object key : map.keys()) {
      Object value = map.find(key);
      if (!(key instanceof String name)) {
        throw new EvaluationException("keys of an object must be strings");
      }
      if (value != null) {
        struct.add(name, of(value));
      }
    }
    return struct.build();
  }

  private static List<Object> list(List<?> list) {
    List<Object> tree = new ArrayList<>(list.size());
    list.forEach(element -> tree.add(of(element)));
    return List.copyOf(tree);
  }

  /// What is wrong with the types of an object and of those in it: each must be called after the
  /// path to it. Empty if nothing is.
  public static List<String> misnamed(Object value, String path) {
    List<String> found = new ArrayList<>();
    collect(value, path, found);
    return found;
  }

  /// As [#misnamed], for what is in the fields of an object, each of which has the name that it
  /// has.
  public static List<String> misnamedFields(Object value) {
    List<String> found = new ArrayList<>();
    if (value instanceof MapValue map) {
      for (Object key : map.keys()) {
        Object inner = map.find(key);
        if (inner != null) {
          collect(inner, Values.typeOf(inner).name(), found);
        }
      }
    }
    return found;
  }

  private static void collect(Object value, String path, List<String> found) {
    switch (value) {
      case HashMapValue map -> {
        @Nullable Type type = map.type();
        if (type != null && !type.name().equals(path)) {
          found.add(
              "unexpected type name \""
                  + type.name()
                  + "\", expected \""
                  + path
                  + "\", which matches field name path from root Object type");
        }
        for (Object key : map.keys()) {
          Object inner = map.find(key);
          if (inner != null) {
            collect(inner, type == null ? path : path + "." + key, found);
          }
        }
      }
      case List<?> list -> list.forEach(element -> collect(element, path, found));
      default -> {} // has no parts
    }
  }
}
