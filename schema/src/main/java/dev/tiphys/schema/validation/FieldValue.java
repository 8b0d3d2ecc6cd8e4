package dev.tiphys.schema.validation;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A value in an object, with the path that leads there and the errors that rules report about it.
///
/// Going somewhere costs one small object; the text of a path is only made when there is something
/// to report. Reading follows [Struct]: what is absent or of another type counts as empty.
///
/// A rule is a method named `mustBe…`. It reports what is wrong in upstream's words and returns
/// whether all is well, so that rules which only make sense then can follow.
///
/// Threads: one.
public final class FieldValue {

  private static final int CHILD = -1;
  private static final int KEY = -2;
  public static final String IMMUTABLE = "field is immutable";
  public static final String NEGATIVE = "must be greater than or equal to 0";

  private final FieldErrors errors;
  private final @Nullable FieldValue parent;
  private final String name;
  private final int index;
  private final @Nullable Object value;

  private FieldValue(
      FieldErrors errors,
      @Nullable FieldValue parent,
      String name,
      int index,
      @Nullable Object value) {
    this.errors = errors;
    this.parent = parent;
    this.name = name;
    this.index = index;
    this.value = value == Null.NULL ? null : value;
  }

  /// The top of an object, which has no path of its own.
  public static FieldValue top(FieldErrors errors, Struct object) {
    return new FieldValue(errors, null, "", CHILD, object);
  }

  // Where to go.

  /// A field of the struct here.
  public FieldValue at(String field) {
    Object found = value instanceof Struct struct ? struct.get(field) : null;
    return new FieldValue(errors, this, field, CHILD, found);
  }

  public FieldValue at(String field, String inner) {
    return at(field).at(inner);
  }

  /// An element of the list here.
  public FieldValue at(int position) {
    return new FieldValue(errors, this, "", position, list().get(position));
  }

  /// An entry of the map here.
  public FieldValue key(String key) {
    Object found = value instanceof Struct struct ? struct.get(key) : null;
    return new FieldValue(errors, this, key, KEY, found);
  }

  /// The elements of the list here.
  public List<FieldValue> items() {
    return value instanceof List<?> list && !list.isEmpty()
        ? new Places(list.size(), this::at)
        : List.of();
  }

  /// The entries of the map here.
  public List<FieldValue> entries() {
    return value instanceof Struct map && !map.isEmpty()
        ? new Places(map.size(), i -> new FieldValue(errors, this, map.name(i), KEY, map.value(i)))
        : List.of();
  }

  /// The fields of the struct here that have a value.
  public List<FieldValue> fields() {
    return struct().names().stream().map(this::at).filter(FieldValue::isSet).toList();
  }

  /// This place as messages call it where they call it by another name.
  public FieldValue shownAs(String otherName) {
    return new FieldValue(errors, parent, otherName, CHILD, value);
  }

  /// Another value that messages tell as if it stood here.
  public FieldValue holding(@Nullable Object otherValue) {
    return new FieldValue(errors, parent, name, index, otherValue);
  }

  /// The place that messages mean by an index here, though no list stands here.
  public FieldValue shownAt(int position) {
    return new FieldValue(errors, this, "", position, null);
  }

  /// The place that this one is part of.
  public FieldValue up() {
    return parent == null ? this : parent;
  }

  /// This place with another list of errors.
  public FieldValue reportingTo(FieldErrors otherErrors) {
    return new FieldValue(otherErrors, parent, name, index, value);
  }

  /// The whole object as messages call it that name no field: `[]`.
  public FieldValue wholeObject() {
    FieldValue top = this;
    while (top.parent != null) {
      top = top.parent;
    }
    return new FieldValue(errors, top, "", KEY, top.value);
  }

  // What is here.

  public @Nullable Object value() {
    return value;
  }

  /// Whether there is a value, be it an empty one.
  public boolean isSet() {
    return value != null;
  }

  /// Whether there is nothing, an empty text or an empty list.
  public boolean isEmpty() {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      default -> false;
    };
  }

  /// The key of the entry, or the name of the field.
  public String name() {
    return name;
  }

  public String string() {
    return value instanceof String text ? text : "";
  }

  public boolean is(String text) {
    return text.equals(value);
  }

  public long integer() {
    return value instanceof Long number ? number : 0;
  }

  public boolean bool() {
    return value instanceof Boolean truth && truth;
  }

  public Struct struct() {
    return value instanceof Struct struct ? struct : Struct.EMPTY;
  }

  public List<?> list() {
    return value instanceof List<?> list ? list : List.of();
  }

  /// The structs among the elements of the list here.
  public List<Struct> structs() {
    List<?> all = list();
    List<Struct> structs = new ArrayList<>(all.size());
    for (Object element : all) {
      if (element instanceof Struct struct) {
        structs.add(struct);
      }
    }
    return structs;
  }

  /// The path: `spec.containers[0].name`.
  public String path() {
    StringBuilder path = new StringBuilder();
    appendPath(path);
    return path.toString();
  }

  private void appendPath(StringBuilder path) {
    if (parent == null) {
      return;
    }
    parent.appendPath(path);
    switch (index) {
      case CHILD -> path.append(path.isEmpty() || name.isEmpty() ? "" : ".").append(name);
      case KEY -> path.append('[').append(name).append(']');
      default -> path.append('[').append(index).append(']');
    }
  }

  // What can be wrong with it.

  public void required() {
    required("");
  }

  public void required(String detail) {
    report(FieldError.Type.REQUIRED, null, detail);
  }

  /// The value here is invalid.
  public void invalid(String detail) {
    report(FieldError.Type.INVALID, GoText.of(value), detail);
  }

  /// The value here is invalid, and shown as `shown`.
  public void invalid(@Nullable Object shown, String detail) {
    report(FieldError.Type.INVALID, GoText.of(shown), detail);
  }

  /// The value here is invalid, and `shown` is how it is shown, quotes and all.
  public void invalidText(String shown, String detail) {
    report(FieldError.Type.INVALID, shown, detail);
  }

  /// The value here is invalid, and not shown.
  public void invalidUnshown(String detail) {
    report(FieldError.Type.INVALID, null, detail);
  }

  public void forbidden(String detail) {
    report(FieldError.Type.FORBIDDEN, null, detail);
  }

  public void duplicate() {
    report(FieldError.Type.DUPLICATE, GoText.of(value), "");
  }

  public void duplicateText(String shown) {
    duplicateText(shown, "");
  }

  public void duplicateText(String shown, String detail) {
    report(FieldError.Type.DUPLICATE, shown, detail);
  }

  public void notFound() {
    notFound("");
  }

  public void notFound(String detail) {
    report(FieldError.Type.NOT_FOUND, GoText.of(value), detail);
  }

  public void notSupported(List<String> supported) {
    notSupportedText(GoText.of(value == null ? "" : value), supported);
  }

  public void notSupportedText(String shown, List<String> supported) {
    String detail = supported.isEmpty() ? "" : "supported values: " + GoText.quoted(supported);
    report(FieldError.Type.NOT_SUPPORTED, shown, detail);
  }

  /// @param most how many bytes it may have
  public void tooLong(int most) {
    report(
        FieldError.Type.TOO_LONG,
        null,
        "may not be more than " + most + (most == 1 ? " byte" : " bytes"));
  }

  /// @param most how many elements there may be
  public void tooMany(int count, int most) {
    report(
        FieldError.Type.TOO_MANY,
        Integer.toString(count),
        "must have at most " + most + (most == 1 ? " item" : " items"));
  }

  public void internal(String detail) {
    report(FieldError.Type.INTERNAL, null, detail);
  }

  private void report(FieldError.Type type, @Nullable String shown, String detail) {
    errors.add(new FieldError(type, path(), shown, detail));
  }

  /// The errors reported here and elsewhere.
  public FieldErrors errors() {
    return errors;
  }

  // Rules.

  /// There is a value other than an empty text or list.
  public boolean mustBeSet() {
    return mustBeSet("");
  }

  public boolean mustBeSet(String detail) {
    if (isEmpty()) {
      required(detail);
      return false;
    }
    return true;
  }

  /// There is no value.
  public boolean mustNotBeSet(String detail) {
    if (isSet()) {
      forbidden(detail);
      return false;
    }
    return true;
  }

  /// The text here has a form.
  public boolean mustBe(Format format) {
    List<String> problems = format.problems(string());
    for (String problem : problems) {
      invalid(string(), problem);
    }
    return problems.isEmpty();
  }

  /// There is a text, and it has a form.
  public boolean mustBeSetAnd(Format format) {
    return mustBeSet() && mustBe(format);
  }

  /// If there is a text, it has a form.
  public boolean mayBe(Format format) {
    return isEmpty() || mustBe(format);
  }

  /// The text here is one of these.
  public boolean mustBeOneOf(List<String> supported) {
    if (!supported.contains(string())) {
      notSupported(supported);
      return false;
    }
    return true;
  }

  /// There is a text, and it is one of these.
  public boolean mustBeSetToOneOf(List<String> supported) {
    return mustBeSet() && mustBeOneOf(supported);
  }

  /// If there is a value, it is one of these.
  public boolean mayBeOneOf(List<String> supported) {
    return !isSet() || mustBeOneOf(supported);
  }

  public boolean mustNotBeNegative() {
    if (integer() < 0) {
      invalid(NEGATIVE);
      return false;
    }
    return true;
  }

  public boolean mustBeBetween(long least, long most) {
    if (integer() < least || integer() > most) {
      invalid(integer(), "must be between " + least + " and " + most + ", inclusive");
      return false;
    }
    return true;
  }

  public boolean mustBePort() {
    return mustBeBetween(1, 65535);
  }

  /// The value is what it was before.
  public boolean mustEqual(@Nullable Object before) {
    if (!Equality.same(value, before)) {
      invalid(IMMUTABLE);
      return false;
    }
    return true;
  }

  /// The struct of a type is what it was before.
  ///
  /// @param type its full name
  public boolean mustEqual(@Nullable Object before, String type) {
    if (!Equality.same(value, before)) {
      invalidText(GoText.struct(value, type), IMMUTABLE);
      return false;
    }
    return true;
  }

  /// The value is not in `seen`, and is from now on.
  public boolean mustBeNewIn(Set<Object> seen) {
    if (value != null && !seen.add(value)) {
      duplicate();
      return false;
    }
    return true;
  }

  /// There are at most so many elements.
  public boolean mustHaveAtMost(int most) {
    int count = value instanceof Struct map ? map.size() : list().size();
    if (count > most) {
      tooMany(count, most);
      return false;
    }
    return true;
  }

  /// The text has at most so many bytes.
  public boolean mustNotBeLongerThan(int most) {
    if (Formats.byteLength(string()) > most) {
      tooLong(most);
      return false;
    }
    return true;
  }

  /// Places made when they are asked for.
  private static final class Places extends AbstractList<FieldValue> implements RandomAccess {
    private final int size;
    private final IntFunction<FieldValue> at;

    Places(int size, IntFunction<FieldValue> at) {
      this.size = size;
      this.at = at;
    }

    @Override
    public FieldValue get(int position) {
      return at.apply(position);
    }

    @Override
    public int size() {
      return size;
    }
  }
}
