package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for objects of a custom kind, but for their metadata.
///
/// Threads: any.
public final class ObjectRules {

  /// After such errors, expressions would fail for no reason of their own.
  private static final Set<FieldError.Type> BLOCKING =
      EnumSet.of(
          FieldError.Type.NOT_SUPPORTED,
          FieldError.Type.REQUIRED,
          FieldError.Type.TOO_LONG,
          FieldError.Type.TOO_MANY,
          FieldError.Type.TYPE_INVALID);

  private final Struct schema;
  private final @Nullable RuleTree rules;

  /// @param schema the OpenAPI v3 schema of the definition
  public ObjectRules(Struct schema) {
    this.schema = schema;
    this.rules = RuleTree.of(schema, true);
  }

  /// Reports what is wrong with an object.
  ///
  /// @param before the object that it replaces; null for a new one
  public void check(FieldValue object, @Nullable Struct before) {
    Struct now = object.struct();
    Correlation whole = before == null ? null : new Correlation(now, before, schema);
    Verdict verdict = ValueRules.check(object, now, schema, whole);
    verdict.errors().forEach(object.errors()::add);
    parts(object, before);
  }

  /// The rules that an object breaks and that are let pass, since what breaks them has not changed.
  public FieldErrors forgiven(Struct now, Struct before) {
    FieldErrors forgiven = new FieldErrors();
    if (rules != null) {
      ExpressionRules.check(FieldValue.top(new FieldErrors(), now), now, before, rules, forgiven);
    }
    return forgiven;
  }

  /// Reports what is wrong with an object whose status alone has changed.
  public void checkStatus(FieldValue object, Struct before) {
    Struct now = object.struct();
    Object status = now.get("status");
    if (status != null && schema.struct("properties").get("status") instanceof Struct part) {
      Correlation whole = new Correlation(now, before, schema);
      Verdict verdict = ValueRules.check(object.at("status"), status, part, whole.field("status"));
      verdict.errors().forEach(object.errors()::add);
    }
    parts(object, before);
  }

  /// Reports what is wrong with a value that a schema gives where there is none.
  ///
  /// @param place where the schema has the value
  /// @param root whether the schema is that of a whole object
  public static void checkDefault(FieldValue place, Object value, Struct schema, boolean root) {
    int errors = place.errors().size();
    EmbeddedRules.check(place, value, schema);
    if (place.errors().size() > errors) {
      return;
    }
    FieldValue alone = FieldValue.top(new FieldErrors(), Struct.EMPTY).holding(value);
    for (FieldError error : ValueRules.check(alone, value, schema, null).errors()) {
      String field = error.field();
      String path =
          field.isEmpty() || field.equals("<nil>") ? place.path() : place.path() + "." + field;
      place.errors().add(new FieldError(error.type(), path, error.value(), error.detail()));
    }
    RuleTree rules = place.errors().size() > errors ? null : RuleTree.of(schema, root);
    if (rules != null) {
      ExpressionRules.check(place, value, value, rules);
      if (place.errors().size() == errors) {
        ExpressionRules.check(place, value, null, rules);
      }
    }
  }

  /// Reports what is wrong with an object within another: its apiVersion, kind and metadata, and
  /// those of objects within it.
  public static void checkEmbedded(FieldValue object, Struct schema) {
    EmbeddedRules.check(object, object.struct(), schema);
  }

  private void parts(FieldValue object, @Nullable Struct before) {
    Struct now = object.struct();
    EmbeddedRules.check(object, now, schema);
    if (before == null || isUnique(before)) {
      ListRules.check(object, now, schema);
    }
    if (rules == null) {
      return;
    }
    if (object.errors().list().stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
      object
          .errors()
          .add(
              new FieldError(
                  FieldError.Type.INVALID,
                  "<nil>",
                  "null",
                  "some validation rules were not checked because the object was invalid; correct"
                      + " the existing errors to complete validation"));
    } else {
      ExpressionRules.check(object, now, before, rules);
    }
  }

  private boolean isUnique(Struct object) {
    FieldErrors errors = new FieldErrors();
    ListRules.check(FieldValue.top(errors, object), object, schema);
    return errors.isEmpty();
  }
}
