package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Holds custom objects to the OpenAPI v3 schema of their definition: types, required fields,
/// enumerations, and least and most numbers, lengths and counts.
///
/// On updates, what has stayed as it was is let pass, even if the schema no longer allows it.
public final class CustomObjectRules {

  private final FieldErrors errors;

  private CustomObjectRules(FieldErrors errors) {
    this.errors = errors;
  }

  /// @param before the object that is replaced; null for a new one
  public static void check(FieldValue object, @Nullable Struct before, Struct schema) {
    new CustomObjectRules(object.errors()).check("", object.struct(), before, schema);
  }

  private void check(String path, Object value, @Nullable Object before, Struct schema) {
    if (value.equals(before)) {
      return;
    }
    type(path, value, schema);
    switch (value) {
      case String text -> text(path, text, schema);
      case Number number -> number(path, number, schema);
      case List<?> list -> list(path, list, before, schema);
      default -> {}
    }
    enumeration(path, value, schema);
    if (value instanceof Struct struct) {
      struct(path, struct, before instanceof Struct old ? old : Struct.EMPTY, schema);
    }
  }

  private void type(String path, Object value, Struct schema) {
    boolean either = schema.bool("x-kubernetes-int-or-string");
    String wanted = either ? "integer,string" : schema.string("type");
    String found = typeOf(value);
    boolean fits =
        switch (wanted) {
          case "" -> true;
          case "integer,string" -> found.equals("string") || isInteger(value);
          case "integer" -> isInteger(value);
          case "number" -> value instanceof Number;
          default -> found.equals(wanted);
        };
    if (!fits && !(value == Null.NULL && schema.bool("nullable"))) {
      String shown = FieldError.quoted(found);
      report(
          FieldError.Type.TYPE_INVALID, path, shown, " must be of type " + wanted + ": " + shown);
    }
  }

  private static boolean isInteger(Object value) {
    return value instanceof Long || (value instanceof Double number && number == Math.rint(number));
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case String _ -> "string";
      case Boolean _ -> "boolean";
      case Double _ -> "number";
      case Number _ -> "integer";
      case List<?> _ -> "array";
      case Struct _ -> "object";
      default -> "null";
    };
  }

  private void text(String path, String text, Struct schema) {
    int length = text.codePointCount(0, text.length());
    if (schema.has("maxLength") && length > schema.integer("maxLength")) {
      long most = schema.integer("maxLength");
      String unit = most == 1 ? " byte" : " bytes"; // upstream counts characters, and says bytes
      errors.add(
          new FieldError(
              FieldError.Type.TOO_LONG, path, null, "may not be more than " + most + unit));
    }
    if (length < schema.integer("minLength")) {
      String least = " should be at least " + schema.integer("minLength") + " chars long";
      report(FieldError.Type.INVALID, path, FieldError.quoted(text), least);
    }
  }

  private void number(String path, Number number, Struct schema) {
    String shown = GoText.of(number);
    if (schema.get("maximum") instanceof Number most) {
      boolean exclusive = schema.bool("exclusiveMaximum");
      int order = Double.compare(number.doubleValue(), most.doubleValue());
      if (order > 0 || (exclusive && order == 0)) {
        String than = exclusive ? " should be less than " : " should be less than or equal to ";
        report(FieldError.Type.INVALID, path, shown, than + GoPrint.text(most));
      }
    }
    if (schema.get("minimum") instanceof Number least) {
      boolean exclusive = schema.bool("exclusiveMinimum");
      int order = Double.compare(number.doubleValue(), least.doubleValue());
      if (order < 0 || (exclusive && order == 0)) {
        String than =
            exclusive ? " should be greater than " : " should be greater than or equal to ";
        report(FieldError.Type.INVALID, path, shown, than + GoPrint.text(least));
      }
    }
  }

  private void list(String path, List<?> list, @Nullable Object before, Struct schema) {
    if (schema.get("items") instanceof Struct items) {
      List<?> old = before instanceof List<?> elements ? elements : List.of();
      List<String> keys = schema.strings("x-kubernetes-list-map-keys");
      for (int i = 0; i < list.size(); i++) {
        Object element = list.get(i);
        check(path + "[" + i + "]", element, counterpart(element, old, keys), items);
      }
    }
    count(path, list.size(), "Items", " items", schema);
  }

  /// The element of a list that has the same keys; null if there is none, or if there are no keys.
  private static @Nullable Object counterpart(Object element, List<?> old, List<String> keys) {
    if (keys.isEmpty() || !(element instanceof Struct struct)) {
      return null;
    }
    for (Object other : old) {
      if (other instanceof Struct known
          && keys.stream().allMatch(key -> Objects.equals(struct.get(key), known.get(key)))) {
        return known;
      }
    }
    return null;
  }

  private void struct(String path, Struct struct, Struct before, Struct schema) {
    count(path, struct.size(), "Properties", " properties", schema);
    Struct properties = schema.struct("properties");
    Struct others = schema.struct("additionalProperties");
    String prefix = path.isEmpty() ? "" : path + ".";
    for (String name : struct.names()) {
      Struct rules = properties.has(name) ? properties.struct(name) : others;
      Object value = struct.get(name);
      if (value != null) {
        check(prefix + name, value, before.get(name), rules);
      }
    }
    for (String name : schema.strings("required")) {
      if (struct.get(name) == null) { // a null is of the wrong type, but there
        errors.add(new FieldError(FieldError.Type.REQUIRED, prefix + name, null, ""));
      }
    }
  }

  /// How many elements or fields there may be.
  private void count(String path, int count, String what, String unit, Struct schema) {
    if (count < schema.integer("min" + what)) {
      report(
          FieldError.Type.INVALID,
          path,
          Integer.toString(count),
          " should have at least " + schema.integer("min" + what) + unit);
    }
    if (schema.has("max" + what) && count > schema.integer("max" + what)) {
      long most = schema.integer("max" + what);
      String detail = "must have at most " + most + (most == 1 ? " item" : " items");
      errors.add(new FieldError(FieldError.Type.TOO_MANY, path, Integer.toString(count), detail));
    }
  }

  private void enumeration(String path, Object value, Struct schema) {
    List<?> allowed = schema.list("enum");
    if (allowed.isEmpty() || value == Null.NULL || allowed.contains(value)) {
      return;
    }
    String texts =
        allowed.stream()
            .map(each -> FieldError.quoted(each instanceof String text ? text : Json.text(each)))
            .collect(Collectors.joining(", "));
    errors.add(
        new FieldError(
            FieldError.Type.NOT_SUPPORTED, path, GoText.of(value), "supported values: " + texts));
  }

  private void report(FieldError.Type type, String path, String shown, String problem) {
    errors.add(new FieldError(type, path, shown, path + " in body" + problem));
  }
}
