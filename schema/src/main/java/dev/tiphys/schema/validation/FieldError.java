package dev.tiphys.schema.validation;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with an object.
///
/// @param type what sort of thing
/// @param field the path of the field: `spec.containers[0].name`
/// @param value the value as it is shown, null if it is not shown
/// @param detail what would be right; empty if the type says it all
public record FieldError(Type type, String field, @Nullable String value, String detail) {

  /// The sorts of things that can be wrong.
  public enum Type {
    REQUIRED("FieldValueRequired", "Required value"),
    INVALID("FieldValueInvalid", "Invalid value"),
    /// The value is of the wrong type, as only schemas of custom resources can find it.
    TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    NOT_FOUND("FieldValueNotFound", "Not found"),
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    TOO_LONG("FieldValueTooLong", "Too long"),
    TOO_SHORT("FieldValueTooShort", "Too short"),
    TOO_MANY("FieldValueTooMany", "Too many"),
    TOO_FEW("FieldValueTooFew", "Too few"),
    INTERNAL("InternalError", "Internal error");

    private final String code;
    private final String label;

    Type(String code, String label) {
      this.code = code;
      this.label = label;
    }

    /// What stands as `reason` in a cause of a Status.
    public String code() {
      return code;
    }

    /// What stands for it in messages.
    public String label() {
      return label;
    }
  }

  /// A text as messages show it: in quotes, on one line.
  public static String quoted(String text) {
    return GoText.quoted(text);
  }

  /// The message without the field: what stands as `message` in a cause of a Status.
  public String body() {
    String shown = value == null ? type.label() : type.label() + ": " + value;
    return detail.isEmpty() ? shown : shown + ": " + detail;
  }

  /// The message with the field.
  @Override
  public String toString() {
    return field + ": " + body();
  }
}
