package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.Regex;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Holds values to what a schema says of them: types, formats, bounds, enumerations, required
/// fields, and all of that by way of `allOf`, `anyOf`, `oneOf` and `not`.
///
/// What is wrong with a value that is as it was before is let pass.
final class ValueRules {

  private ValueRules() {}

  /// @param place where the value is
  /// @param old the value that it replaces; null if there is none
  static Verdict check(FieldValue place, Object value, Struct schema, @Nullable Correlation old) {
    Verdict verdict = plain(place, value, schema, old);
    if (!verdict.isSound() && old != null && old.isUnchanged()) {
      verdict.forgive();
    }
    return verdict;
  }

  /// As [#check], but that the value itself is not let pass, only its parts are.
  private static Verdict plain(
      FieldValue place, Object value, Struct schema, @Nullable Correlation old) {
    Verdict verdict = new Verdict();
    Check check = new Check(place, value, schema, verdict);
    check.type();
    if (value == Null.NULL) {
      check.enumeration();
      return verdict;
    }
    junctors(check, old);
    switch (value) {
      case String text -> {
        check.text(text);
        check.format(text);
      }
      case Number number -> check.number(number);
      case List<?> list -> list(check, list, old);
      default -> {}
    }
    check.enumeration();
    if (value instanceof Struct struct) {
      struct(check, struct, old);
    }
    verdict.count();
    return verdict;
  }

  private static void list(Check check, List<?> list, @Nullable Correlation old) {
    if (check.schema().get("items") instanceof Struct items) {
      for (int i = 0; i < list.size(); i++) {
        Correlation element = old == null ? null : old.element(i);
        check.verdict().merge(check(check.place().shownAt(i), list.get(i), items, element));
      }
    }
    check.count(list.size(), "Items", " items");
    check.verdict().count();
    check.verdict().count();
  }

  private static void struct(Check check, Struct struct, @Nullable Correlation old) {
    check.count(struct.size(), "Properties", " properties");
    Struct properties = check.schema().struct("properties");
    Object others = check.schema().get("additionalProperties");
    for (int i = 0; i < struct.size(); i++) {
      String name = struct.name(i);
      Object rules = properties.has(name) ? properties.get(name) : others;
      if (rules instanceof Struct part) {
        boolean fixed = check.isRoot() && (name.equals("kind") || name.equals("apiVersion"));
        Correlation field = old == null || fixed ? null : old.field(name);
        check.verdict().merge(check(check.place().at(name), struct.value(i), part, field));
      } else if (Boolean.FALSE.equals(rules)) {
        check.invalid("", name + " in body is a forbidden property");
      }
    }
    for (String name : check.schema().strings("required")) {
      if (struct.get(name) == null) { // a null is of the wrong type, but there
        String path = check.place().at(name).path();
        check.verdict().add(new FieldError(FieldError.Type.REQUIRED, path, null, ""));
      }
    }
    check.verdict().count();
  }

  private static void junctors(Check check, @Nullable Correlation old) {
    Verdict verdict = check.verdict();
    List<Struct> any = check.schema().structs("anyOf");
    if (!any.isEmpty()) {
      any(check, any, old);
    }
    List<Struct> one = check.schema().structs("oneOf");
    if (!one.isEmpty()) {
      one(check, one, old);
    }
    List<Struct> all = check.schema().structs("allOf");
    int sound = 0;
    for (Struct part : all) {
      Verdict found = plain(check.place(), check.value(), part, old);
      verdict.merge(found);
      sound += found.isSound() ? 1 : 0;
    }
    if (sound < all.size()) {
      check.junctor(
          " must validate all the schemas (allOf)" + (sound == 0 ? ". None validated" : ""));
    }
    if (check.schema().get("not") instanceof Struct not
        && plain(check.place(), check.value(), not, old).isSound()) {
      check.junctor(" must not validate the schema (not)");
    }
    verdict.count();
    verdict.count();
  }

  /// The alternative that fits tells nothing; of those that don't the one that fits best tells what
  /// is wrong.
  private static void any(Check check, List<Struct> schemas, @Nullable Correlation old) {
    Verdict best = null;
    for (Struct schema : schemas) {
      Verdict found = plain(check.place(), check.value(), schema, old);
      if (found.isSound()) {
        check.verdict().merge(found);
        return;
      }
      best = best == null || found.matches() > best.matches() ? found : best;
    }
    check.junctor(" must validate at least one schema (anyOf)");
    if (best != null) {
      check.verdict().merge(best);
    }
  }

  private static void one(Check check, List<Struct> schemas, @Nullable Correlation old) {
    Verdict best = null;
    Verdict first = null;
    int sound = 0;
    for (Struct schema : schemas) {
      Verdict found = plain(check.place(), check.value(), schema, old);
      if (found.isSound()) {
        sound++;
        first = first == null ? found : first;
      } else if (sound == 0 && (best == null || found.matches() > best.matches())) {
        best = found;
      }
    }
    if (sound == 1 && first != null) {
      check.verdict().merge(first);
      return;
    }
    check.junctor(
        " must validate one and only one schema (oneOf). Found "
            + (sound == 0 ? "none valid" : sound + " valid alternatives"));
    if (sound == 0 && best != null) {
      check.verdict().merge(best);
    }
  }

  /// One value and one schema.
  private record Check(FieldValue place, Object value, Struct schema, Verdict verdict) {

    boolean isRoot() {
      return place.path().isEmpty();
    }

    private void report(FieldError.Type type, @Nullable String shown, String detail) {
      verdict.add(new FieldError(type, place.path(), shown, detail));
    }

    void invalid(String shown, String problem) {
      report(FieldError.Type.INVALID, shown, place.path() + problem);
    }

    /// What is wrong with alternatives is told of no field.
    void junctor(String problem) {
      String detail = GoText.quoted(place.path()) + problem;
      verdict.add(new FieldError(FieldError.Type.INVALID, "<nil>", "\"\"", detail));
    }

    void type() {
      boolean either = schema.bool("x-kubernetes-int-or-string");
      String wanted = either ? "integer,string" : schema.string("type");
      String format = TextFormats.known(schema);
      if (wanted.isEmpty() && format.isEmpty()) {
        return;
      }
      verdict.count();
      if (value == Null.NULL) {
        if (!wanted.isEmpty() && !schema.bool("nullable")) {
          wrongType(wanted, "null");
        }
        return;
      }
      String found = typeOf(value);
      boolean integer = wanted.startsWith("integer");
      boolean fits =
          switch (found) {
            case "number" -> wanted.equals("number") || (integer && isWhole(value));
            case "integer" -> wanted.equals("number") || integer;
            case "string" -> wanted.equals("string") || either;
            default -> wanted.equals(found);
          };
      boolean letters = value instanceof String || value instanceof List<?>;
      if (!letters && !format.isEmpty() && !fits && !formatOf(value).equals(format)) {
        wrongType(format, formatOf(value));
      } else if (!fits && (integer || wanted.equals("number") || format.isEmpty() || !letters)) {
        wrongType(wanted, found);
      } else {
        verdict.count();
      }
    }

    private void wrongType(String wanted, String found) {
      String shown = GoText.quoted(found);
      report(
          FieldError.Type.TYPE_INVALID,
          shown,
          place.path() + " in body must be of type " + wanted + ": " + shown);
    }

    private static boolean isWhole(Object value) {
      return value instanceof Double number && number == Math.rint(number);
    }

    private static String typeOf(Object value) {
      return switch (value) {
        case String _ -> "string";
        case Boolean _ -> "boolean";
        case Double _ -> "number";
        case Number _ -> "integer";
        case List<?> _ -> "array";
        default -> "object";
      };
    }

    private static String formatOf(Object value) {
      return switch (value) {
        case Double _ -> "float64";
        case Number _ -> "int64";
        default -> "";
      };
    }

    /// The first that is wrong with a text is told.
    void text(String text) {
      verdict.count();
      int length = text.codePointCount(0, text.length());
      if (schema.has("maxLength") && length > schema.integer("maxLength")) {
        long most = schema.integer("maxLength");
        String unit = most == 1 ? " byte" : " bytes"; // upstream counts characters, and says bytes
        report(
            FieldError.Type.TOO_LONG,
            null,
            most < 0 ? "value is too long" : "may not be more than " + most + unit);
      } else if (length < schema.integer("minLength")) {
        String least = " in body should be at least " + schema.integer("minLength");
        invalid(GoText.quoted(text), least + " chars long");
      } else {
        pattern(text, schema.string("pattern"));
      }
    }

    private void pattern(String text, String pattern) {
      if (pattern.isEmpty()) {
        return;
      }
      String unmatched = " in body should match '" + pattern;
      try {
        if (!Regex.of(pattern).matches(text)) {
          invalid(GoText.quoted(text), unmatched + "'");
        }
      } catch (IllegalArgumentException e) {
        invalid(
            GoText.quoted(text), unmatched + ", but pattern is invalid: " + e.getMessage() + "'");
      }
    }

    void format(String text) {
      String format = TextFormats.known(schema);
      if (format.isEmpty() || !TextFormats.isForText(format)) {
        return;
      }
      verdict.count();
      if (!TextFormats.isValid(format, text)) {
        String shown = GoText.quoted(text);
        report(
            FieldError.Type.TYPE_INVALID,
            shown,
            place.path() + " in body must be of type " + format + ": " + shown);
      }
    }

    void number(Number number) {
      String shown = GoText.of(number);
      if (schema.get("multipleOf") instanceof Number factor && !isMultiple(number, factor)) {
        invalid(shown, " in body should be a multiple of " + bound(number, factor));
      }
      if (schema.get("minimum") instanceof Number least) {
        boolean exclusive = schema.bool("exclusiveMinimum");
        int order = order(number, least);
        if (order < 0 || (exclusive && order == 0)) {
          String than = exclusive ? "greater than " : "greater than or equal to ";
          invalid(shown, " in body should be " + than + bound(number, least));
        }
      }
      if (schema.get("maximum") instanceof Number most) {
        boolean exclusive = schema.bool("exclusiveMaximum");
        int order = order(number, most);
        if (order > 0 || (exclusive && order == 0)) {
          String than = exclusive ? "less than " : "less than or equal to ";
          invalid(shown, " in body should be " + than + bound(number, most));
        }
      }
      verdict.count();
      verdict.count();
    }

    /// A whole number is compared with a bound that is cut to a whole one.
    private static int order(Number number, Number bound) {
      return number instanceof Long whole
          ? Long.compare(whole, bound.longValue())
          : Double.compare(number.doubleValue(), bound.doubleValue());
    }

    private static String bound(Number number, Number bound) {
      return number instanceof Long
          ? Long.toString(bound.longValue())
          : GoPrint.number(bound.doubleValue());
    }

    private static boolean isMultiple(Number number, Number factor) {
      if (number instanceof Long whole) {
        return factor.longValue() > 0 && whole % factor.longValue() == 0;
      }
      double by = factor.doubleValue();
      double times = by < 1 ? 1 / by * number.doubleValue() : number.doubleValue() / by;
      return Math.abs(times - Math.rint(times)) <= 1e-9 * Math.max(1, Math.abs(times));
    }

    /// How many elements or fields there may be.
    void count(int count, String what, String unit) {
      String shown = Integer.toString(count);
      if (count < schema.integer("min" + what)) {
        long least = schema.integer("min" + what);
        invalid(shown, " in body should have at least " + least + unit);
      }
      if (schema.has("max" + what) && count > schema.integer("max" + what)) {
        long most = schema.integer("max" + what);
        String detail = "must have at most " + most + (most == 1 ? " item" : " items");
        report(FieldError.Type.TOO_MANY, shown, detail);
      }
    }

    void enumeration() {
      verdict.count();
      List<?> allowed = schema.list("enum");
      if (allowed.isEmpty() || allowed.stream().anyMatch(each -> isSame(value, each))) {
        return;
      }
      String texts =
          allowed.stream()
              .map(each -> GoText.quoted(each instanceof String text ? text : Json.text(each)))
              .collect(Collectors.joining(", "));
      report(FieldError.Type.NOT_SUPPORTED, GoText.of(value), "supported values: " + texts);
    }

    private static boolean isSame(Object value, Object allowed) {
      return value instanceof Number one && allowed instanceof Number other
          ? one.doubleValue() == other.doubleValue()
          : value.equals(allowed);
    }
  }
}
