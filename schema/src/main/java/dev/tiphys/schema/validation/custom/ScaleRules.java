package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.GoText;
import org.jspecify.annotations.Nullable;

/// Rules for the fields of a custom object that tell its scale.
public final class ScaleRules {

  private ScaleRules() {}

  /// @param wholly whether the object is written by way of its main resource; its status alone if
  ///   not
  public static void check(
      FieldErrors errors, Struct object, Resource.Scale scale, boolean wholly) {
    if (wholly) {
      replicas(errors, object, scale.wanted());
    }
    replicas(errors, object, scale.present());
    if (!scale.selector().isEmpty()) {
      Found found = find(object, scale.selector());
      if (found.problem() == null && found.value() != null && !(found.value() instanceof String)) {
        found = found.wrong(scale.selector(), "string");
      }
      if (found.problem() != null) {
        report(errors, scale.selector(), "\"\"", found.problem());
      }
    }
  }

  private static void replicas(FieldErrors errors, Struct object, String path) {
    Found found = find(object, path);
    if (found.problem() == null && found.value() != null && !(found.value() instanceof Long)) {
      found = found.wrong(path, "int64");
    }
    if (found.problem() != null) {
      report(errors, path, "0", found.problem());
    } else if (found.value() instanceof Long count && count < 0) {
      report(errors, path, GoText.of(count), "should be a non-negative integer");
    } else if (found.value() instanceof Long count && count > Integer.MAX_VALUE) {
      String most = "should be less than or equal to " + Integer.MAX_VALUE;
      report(errors, path, GoText.of(count), most);
    }
  }

  private static void report(FieldErrors errors, String path, String shown, String detail) {
    errors.add(new FieldError(FieldError.Type.INVALID, dotted(path), shown, detail));
  }

  private static String dotted(String path) {
    return path.startsWith(".") ? path : "." + path;
  }

  /// What a path leads to.
  ///
  /// @param problem why it leads nowhere it should not; null if it may
  private record Found(@Nullable Object value, @Nullable String problem) {

    Found wrong(String path, String expected) {
      return value == null
          ? this
          : new Found(
              null,
              dotted(path)
                  + " accessor error: "
                  + GoPrint.text(value)
                  + " is of the type "
                  + GoPrint.type(value)
                  + ", expected "
                  + expected);
    }
  }

  private static Found find(Struct object, String path) {
    Object value = object;
    StringBuilder passed = new StringBuilder();
    for (String name : dotted(path).substring(1).split("\\.")) {
      if (!(value instanceof Struct struct)) {
        return new Found(value, null).wrong(passed.toString(), "map[string]interface {}");
      }
      passed.append('.').append(name);
      value = struct.get(name);
      if (value == null) {
        return new Found(null, null);
      }
    }
    return new Found(value, null);
  }
}
