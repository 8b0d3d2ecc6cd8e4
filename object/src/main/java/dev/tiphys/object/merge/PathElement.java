package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One step from a value to what is in it. Steps are in order: fields by name, then elements by
/// their keys, by their value, by their index.
public sealed interface PathElement extends Comparable<PathElement> {

  /// To a field of a struct.
  record Field(String name) implements PathElement {
    @Override
    public String text() {
      return "f:" + name;
    }

    @Override
    public String toString() {
      return "." + name;
    }
  }

  /// To the element of a list that has these values in its key fields.
  record Key(Struct fields) implements PathElement {
    @Override
    public String text() {
      return "k:" + Json.text(fields);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      fields.forEach(
          (name, value) ->
              text.append(text.length() == 1 ? "" : ",")
                  .append(name)
                  .append('=')
                  .append(Values.text(value)));
      return text.append(']').toString();
    }
  }

  /// To the element of a set that is this value.
  record Value(Object value) implements PathElement {
    @Override
    public String text() {
      return "v:" + Json.text(value);
    }

    @Override
    public String toString() {
      return "[=" + Values.text(value) + "]";
    }
  }

  /// To the element of a list that is in this place.
  record Index(int index) implements PathElement {
    @Override
    public String text() {
      return "i:" + index;
    }

    @Override
    public String toString() {
      return "[" + index + "]";
    }
  }

  /// As `fieldsV1` spells it: `f:spec`, `k:{"name":"web"}`.
  String text();

  /// The step that `text` spells; null if it is of a sort that is not known.
  ///
  /// @throws EncodingException if it is of a known sort, and can't be read
  static @Nullable PathElement of(String text) {
    if (text.length() < 2) {
      throw new EncodingException("key must be 2 characters long:");
    }
    if (text.charAt(1) != ':') {
      throw new EncodingException("missing colon: " + text);
    }
    String content = text.substring(2);
    return switch (text.charAt(0)) {
      case 'f' -> new Field(content);
      case 'k' -> new Key(Json.struct(content));
      case 'v' -> new Value(Json.parse(content.getBytes(StandardCharsets.UTF_8)));
      case 'i' -> new Index(index(content));
      default -> null;
    };
  }

  private static int index(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new EncodingException("strconv.Atoi: parsing \"" + text + "\": invalid syntax", e);
    }
  }

  @Override
  default int compareTo(PathElement other) {
    if (this instanceof Field(String name) && other instanceof Field(String otherName)) {
      return name.compareTo(otherName);
    }
    int sorts = Integer.compare(sort(), other.sort());
    return sorts != 0
        ? sorts
        : switch (this) {
          case Field _ -> 0;
          case Key(Struct fields) -> Values.compare(fields, ((Key) other).fields);
          case Value(Object value) -> Values.compare(value, ((Value) other).value);
          case Index(int index) -> Integer.compare(index, ((Index) other).index);
        };
  }

  private int sort() {
    return switch (this) {
      case Field _ -> 0;
      case Key _ -> 1;
      case Value _ -> 2;
      case Index _ -> 3;
    };
  }
}
