package dev.tiphys.object.encoding;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// JSON (RFC 8259) to trees and back.
///
/// Whole numbers that fit 64 bits become [Long], all others [Double]. Written fields are in the
/// order of their names, without white space, and `<`, `>`, `&` are escaped as Go's encoder does.
///
/// Threads: any.
public final class Json {

  private static final Consumer<String> IGNORE = path -> {};

  private Json() {}

  /// The tree in `json`.
  ///
  /// @throws EncodingException if that is not one JSON value
  public static Object parse(byte[] json) {
    return JsonReader.read(json, 0, json.length, IGNORE);
  }

  /// As [#parse(byte[])]; tells `duplicate` the path of every field that stands twice in its
  /// object. The last one counts.
  public static Object parse(byte[] json, Consumer<String> duplicate) {
    return JsonReader.read(json, 0, json.length, duplicate);
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

  public static byte[] bytes(Object tree) {
    JsonWriter writer = new JsonWriter();
    writer.write(tree);
    return writer.toBytes();
  }

  public static String text(Object tree) {
    return new String(bytes(tree), StandardCharsets.UTF_8);
  }
}
