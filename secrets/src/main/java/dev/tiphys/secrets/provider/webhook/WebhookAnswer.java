package dev.tiphys.secrets.provider.webhook;

import dev.tiphys.object.JsonPath;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What a web server answered, and which part of it counts.
///
/// @param content as it came
/// @param path to that part, as `$.data.password`; empty for all
public record WebhookAnswer(String content, String path) {

  /// The one value that it is.
  ///
  /// @throws StoreException if it is none
  public byte[] value() {
    return path.isEmpty() ? bytes(content) : Values.bytes(single(part(parsed("", content))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Object parsed(String where, String json) {
    try {
      return Json.parse(bytes(json));
    } catch (EncodingException e) {
      throw new StoreException("failed to parse response json%s: it is none".formatted(where));
    }
  }

  private Object part(Object tree) {
    String steps = path.startsWith("$") ? path.substring(1) : path;
    Object found;
    try {
      found = steps.isEmpty() || steps.equals(".") ? tree : JsonPath.parse(steps).first(tree);
    } catch (IllegalArgumentException e) {
      throw new StoreException("failed to get response path %s: it is no path".formatted(path));
    }
    if (found == null && steps.contains("[?")) {
      throw new StoreException("filter worked but didn't get any result");
    }
    if (found == null) {
      throw new StoreException("failed to get response path %s: unknown key".formatted(path));
    }
    return found;
  }

  /// The first of a list: paths to lists have always meant that.
  private static Object single(Object value) {
    Object single = value;
    while (single instanceof List<?> list) {
      if (list.isEmpty()) {
        throw new StoreException("filter worked but didn't get any result");
      }
      single = list.getFirst();
    }
    return single;
  }

  /// The fields that it has; a text is read as JSON once more.
  ///
  /// @throws StoreException if it has none
  public Map<String, byte[]> fields() {
    Object tree = parsed("", content);
    Object part = path.isEmpty() ? tree : part(tree);
    Object inner = part instanceof String text ? parsed(" from jsonpath", text) : part;
    if (inner instanceof Struct struct) {
      return Values.ofFields(struct);
    }
    throw new StoreException("failed to get response (wrong type: %s)".formatted(kind(inner)));
  }

  private static String kind(Object value) {
    return value instanceof Null ? "<nil>" : Json.kind(value);
  }

  /// Without the content, which must not be seen.
  @Override
  public String toString() {
    return path;
  }
}
