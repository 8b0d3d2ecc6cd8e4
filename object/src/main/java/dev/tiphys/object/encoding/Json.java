package dev.tiphys.object.encoding;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// JSON (RFC 8259) to trees and back.
///
/// Whole numbers that fit 64 bits become [Long], all others [Double]. Written fields are in the
/// order of their names or their type, without white space, and `<`, `>`, `&` are escaped as Go's
/// encoder does.
///
/// Threads: any.
public final class Json {

  private static final Repetition LAST = (_, _, later) -> later;

  private Json() {}

  /// The tree in `json`.
  ///
  /// @throws EncodingException if that is not one JSON value
  public static Object parse(byte[] json) {
    return JsonReader.read(json, 0, json.length, LAST);
  }

  /// As [#parse(byte[])]; tells `duplicate` the path of every field that stands twice in its
  /// object. The last one counts.
  public static Object parse(byte[] json, Consumer<String> duplicate) {
    return parse(
        json,
        (path, _, later) -> {
          duplicate.accept(path);
          return later;
        });
  }

  /// As [#parse(byte[])]; asks what counts of a field that stands twice in its object.
  public static Object parse(byte[] json, Repetition repetition) {
    return JsonReader.read(json, 0, json.length, repetition);
  }

  /// The struct in `json`.
  ///
  /// @throws EncodingException if that is not one JSON object
  public static Struct struct(byte[] json) {
    if (parse(json) instanceof Struct struct) {
      return struct;
    }
    throw new EncodingException("expected a JSON object");
  }

  public static Struct struct(String json) {
    return struct(json.getBytes(StandardCharsets.UTF_8));
  }

  /// The paths of all fields in `json`, as `spec.containers[0].name`, in the order in which they
  /// begin there.
  ///
  /// @throws EncodingException if that is not one JSON value
  public static List<String> fieldPaths(byte[] json) {
    return JsonReader.fieldPaths(json);
  }

  /// What Go's decoder calls a value: `object`, `number` ...
  public static String kind(Object value) {
    return switch (value) {
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Long _, Double _ -> "number";
      case List<?> _ -> "array";
      case Struct _ -> "object";
      default -> "null";
    };
  }

  /// About how many bytes of JSON a tree is. No more is looked at than is needed to find that they
  /// are more than `most`.
  public static long size(Object tree, long most) {
    return switch (tree) {
      case Struct struct -> {
        long size = 2;
        for (int i = 0; i < struct.size() && size <= most; i++) {
          size += struct.name(i).length() + 4L + size(struct.value(i), most - size);
        }
        yield size;
      }
      case List<?> list -> {
        long size = 2;
        for (int i = 0; i < list.size() && size <= most; i++) {
          size += 1 + size(list.get(i), most - size);
        }
        yield size;
      }
      case String text -> text.length() + 2L;
      default -> String.valueOf(tree).length();
    };
  }

  /// @throws EncodingException if there is a number in `tree` that JSON does not have
  public static byte[] bytes(Object tree) {
    return bytes(tree, null);
  }

  /// As [#bytes(Object)], with the fields in their declared order.
  public static byte[] bytes(Object tree, @Nullable FieldOrder order) {
    JsonWriter writer = new JsonWriter();
    writer.write(tree, order);
    return writer.toBytes();
  }

  public static String text(Object tree) {
    return new String(bytes(tree), StandardCharsets.UTF_8);
  }
}
