package dev.tiphys.schema;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings a tree into the form that its type gives it: the form in which objects are stored,
/// compared and shown.
///
/// - Fields the type does not have are dropped, and reported to the caller.
/// - Values are checked, and written the canonical way (quantities, times).
/// - Fields whose emptiness means nothing are dropped when empty; those that upstream always writes
///   are there always.
/// - Absent fields get the default that the type table gives them. Defaults that depend on other
///   fields are each kind's own affair.
///
/// A tree that already has this form is returned as it is.
///
/// Threads: one per instance; make one per tree.
public final class Normalizer {

  /// What is there once it was set: any tree, and a text in place of a number.
  private static final Set<FieldType> ALWAYS_FULL = Set.of(Scalar.ANY, Scalar.INT_OR_STRING);

  private static final Consumer<String> IGNORE = path -> {};

  private Consumer<String> unknown;
  private final FieldPath path = new FieldPath();

  /// What is known to have the form already at the place that is looked at.
  private Struct normal;

  private Normalizer(Struct normal, Consumer<String> unknown) {
    this.normal = normal;
    this.unknown = unknown;
  }

  /// `tree` in the form of `type`.
  ///
  /// @throws DecodingException if a value is not of its field's type
  public static Struct normalize(Struct tree, Type type) {
    return normalize(tree, type, IGNORE);
  }

  /// As [#normalize(Struct, Type)]; tells `unknown` the path of every field the type does not have.
  public static Struct normalize(Struct tree, Type type, Consumer<String> unknown) {
    return normalize(tree, type, Struct.EMPTY, unknown);
  }

  /// As [#normalize(Struct, Type, Consumer)], of a tree that was made from one that has the form:
  /// only what has changed is looked at.
  ///
  /// @param normal the one before, in the form of `type`; empty if there is none
  public static Struct normalize(Struct tree, Type type, Struct normal, Consumer<String> unknown) {
    return new Normalizer(normal, unknown).structOf(tree, type);
  }

  private Struct struct(Struct tree, Type type) {
    Struct before = normal;
    Struct struct = struct(tree, type, before);
    normal = before;
    return struct;
  }

  private Struct struct(Struct tree, Type type, Struct same) {
    StructBuilder changed = null;
    int kept = 0;
    List<Field> fields = type.fields();
    int nextField = 0;
    for (int i = 0; i < tree.size(); i++) {
      String name = tree.name(i);
      while (nextField < fields.size() && fields.get(nextField).name().compareTo(name) < 0) {
        changed = absent(fields.get(nextField++), tree, i, changed);
      }
      boolean isField = nextField < fields.size() && fields.get(nextField).name().equals(name);
      Object before = tree.value(i);
      Object after;
      Object known = same.isEmpty() ? null : same.get(name);
      if (isField && before == known) {
        after = before;
        nextField++;
      } else if (isField) {
        normal = known instanceof Struct struct ? struct : Struct.EMPTY;
        after = present(before, fields.get(nextField++));
      } else {
        unknown.accept(path.with(name));
        after = null;
      }
      if (after != before && changed == null) {
        changed = prefix(tree, i);
      }
      if (changed != null && after != null) {
        changed.put(name, after);
      }
      kept++;
    }
    while (nextField < fields.size()) {
      changed = absent(fields.get(nextField++), tree, kept, changed);
    }
    return changed == null ? tree : changed.build();
  }

  /// Adds what an absent field must have nevertheless.
  private @Nullable StructBuilder absent(
      Field field, Struct tree, int at, @Nullable StructBuilder changed) {
    Object value = valueOfAbsent(field);
    if (value == null) {
      return changed;
    }
    StructBuilder builder = changed == null ? prefix(tree, at) : changed;
    builder.put(field.name(), value);
    return builder;
  }

  private static StructBuilder prefix(Struct tree, int count) {
    StructBuilder builder = new StructBuilder(tree.size() + 4);
    for (int i = 0; i < count; i++) {
      builder.put(tree.name(i), tree.value(i));
    }
    return builder;
  }

  private @Nullable Object valueOfAbsent(Field field) {
    Object fallback = field.defaultValue();
    if (fallback != null) {
      return at(field.name(), fallback, field.type());
    }
    return field.presence().always() ? emptyValue(field) : null;
  }

  /// The value of a field that is written though it was not set.
  private Object emptyValue(Field field) {
    if (field.presence().nullable()) {
      return Null.NULL;
    }
    return switch (field.type()) {
      case TypeRef ref -> at(field.name(), Struct.EMPTY, ref);
      case FieldType.ListOf _, FieldType.MapOf _ -> Null.NULL;
      case Scalar scalar -> Scalars.empty(scalar);
    };
  }

  /// The value of a field that is there; null if it is to be dropped.
  private @Nullable Object present(Object value, Field field) {
    if (value == Null.NULL) {
      return field.type() == Scalar.ANY && field.presence().always() ? value : valueOfAbsent(field);
    }
    Object after = at(field.name(), value, field.type());
    if (field.presence().nullable() || ALWAYS_FULL.contains(field.type()) || !isEmpty(after)) {
      return after;
    }
    return valueOfAbsent(field);
  }

  private static boolean isEmpty(Object value) {
    return switch (value) {
      case String text -> text.isEmpty();
      case Long number -> number == 0;
      case Boolean truth -> !truth;
      case Double number -> number == 0;
      case List<?> list -> list.isEmpty();
      case Struct struct -> struct.isEmpty();
      case Null _ -> true;
      default -> false;
    };
  }

  private Object at(String name, Object value, FieldType type) {
    path.enter(name);
    Object after = value(value, type);
    path.leave();
    return after;
  }

  private Object value(Object value, FieldType type) {
    return switch (type) {
      case Scalar scalar when scalar.holdsSchemas() -> schemas(value);
      case Scalar scalar -> scalar(value, scalar);
      case TypeRef ref ->
          value instanceof Struct struct
              ? structOf(struct, ref.type())
              : fail(value, FieldPath.goName(ref.name()), "cannot restore struct from: ");
      case FieldType.ListOf(FieldType element) ->
          value instanceof List<?> list
              ? list(list, element)
              : fail(value, named("[]" + goName(element)), "cannot restore slice from ");
      case FieldType.MapOf(FieldType content) ->
          value instanceof Struct map
              ? map(map, content)
              : fail(value, named("map[string]" + goName(content)), "cannot restore map from ");
    };
  }

  private Struct structOf(Struct struct, Type type) {
    path.enterType(type);
    Struct after = struct(struct, type);
    path.leaveType();
    return after;
  }

  /// The JSON schemas among the values that such a field can have. Upstream does not tell which
  /// fields are unknown in them.
  private Object schemas(Object value) {
    return switch (value) {
      case Struct schema -> {
        Consumer<String> told = unknown;
        unknown = IGNORE;
        Object after = structOf(schema, TypeTable.BUILT_IN.jsonSchema());
        unknown = told;
        yield after;
      }
      case List<?> list -> list.stream().map(this::schemas).toList();
      default -> value;
    };
  }

  private Object scalar(Object value, Scalar scalar) {
    Object canonical;
    try {
      canonical = Scalars.canonical(value, scalar);
    } catch (IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage());
      String converted = scalar == Scalar.BYTES ? "error decoding from json: " + problem : problem;
      throw new DecodingException(problem, converted, e);
    }
    if (canonical != null) {
      return canonical;
    }
    throw new DecodingException(
        mismatch(Scalars.jsonKind(value, scalar), named(Scalars.decodedAs(scalar))),
        Scalars.conversionProblem(value, scalar),
        null);
  }

  private List<?> list(List<?> list, FieldType element) {
    List<Object> changed = null;
    for (int i = 0; i < list.size(); i++) {
      Object before = list.get(i);
      path.enter(i);
      Object after = element(before, element);
      path.leave();
      if (after != before && changed == null) {
        changed = new ArrayList<>(list.size());
        changed.addAll(list.subList(0, i));
      }
      if (changed != null) {
        changed.add(after);
      }
    }
    return changed == null ? list : List.of(changed.toArray());
  }

  private Struct map(Struct map, FieldType content) {
    normal = Struct.EMPTY;
    StructBuilder changed = null;
    for (int i = 0; i < map.size(); i++) {
      Object before = map.value(i);
      path.enterKey(map.name(i));
      Object after = element(before, content);
      path.leave();
      if (content == Scalar.QUANTITY) {
        after = Scalars.roundedUpToMilli(after);
      }
      if (after != before && changed == null) {
        changed = prefix(map, i);
      }
      if (changed != null) {
        changed.put(map.name(i), after);
      }
    }
    return changed == null ? map : changed.build();
  }

  /// An element of a list or map; null there means the empty value.
  private Object element(Object value, FieldType type) {
    if (value != Null.NULL) {
      return value(value, type);
    }
    return switch (type) {
      case TypeRef ref -> structOf(Struct.EMPTY, ref.type());
      case Scalar scalar -> Scalars.empty(scalar);
      case FieldType.ListOf _, FieldType.MapOf _ -> value;
    };
  }

  private Object fail(Object value, String goType, String conversionText) {
    throw new DecodingException(
        mismatch(Json.kind(value), goType), conversionText + Scalars.goKind(value), null);
  }

  /// What Go calls the type of the value that is being read.
  ///
  /// @param otherwise its name if the type table knows no better
  private String named(String otherwise) {
    String name = path.goType();
    return name == null ? otherwise : name;
  }

  private String mismatch(String kind, String goType) {
    return "json: cannot unmarshal "
        + kind
        + " into Go struct field "
        + path.goField()
        + " of type "
        + goType;
  }

  private static String goName(FieldType type) {
    return switch (type) {
      case Scalar scalar -> Scalars.goName(scalar);
      case TypeRef ref -> FieldPath.goName(ref.name());
      case FieldType.ListOf(FieldType element) -> "[]" + goName(element);
      case FieldType.MapOf(FieldType content) -> "map[string]" + goName(content);
    };
  }
}
