package dev.tiphys.secrets.data;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of JSON as the bytes of a Secret.
public final class Values {

  private Values() {}

  /// Texts as they are, numbers in plain decimals, nothing for null, and JSON for what has parts.
  public static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /// As [#bytes(Object)].
  public static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Null _ -> "";
      case Double number -> new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
      case BigDecimal number -> number.toPlainString();
      case Struct tree -> Json.text(tree);
      case List<?> list -> Json.text(list);
      default -> String.valueOf(value);
    };
  }

  /// Each field of a struct.
  public static Map<String, byte[]> ofFields(Struct tree) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    tree.forEach((name, value) -> values.put(name, bytes(value)));
    return values;
  }
}
