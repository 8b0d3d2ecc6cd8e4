package dev.tiphys.template.exec;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Data from outside as values of templates: copied, since functions may change maps.
public final class Data {

  private Data() {}

  /// @throws IllegalArgumentException if there is anything in it that no data is made of
  public static @Nullable Object value(@Nullable Object data) {
    return switch (data) {
      case null -> null;
      case Null _ -> null;
      case String text -> Utf8.of(text);
      case Boolean truth -> truth;
      case Integer number -> (Long) number.longValue();
      case Long number -> Whole.int64(number);
      case Double number -> number;
      case BigDecimal number -> (Double) number.doubleValue();
      case byte[] bytes -> bytes.clone();
      case Struct struct -> {
        Dict dict = new Dict();
        struct.forEach((name, value) -> dict.put(Utf8.of(name), value(value)));
        yield dict;
      }
      case Map<?, ?> map -> {
        Dict dict = new Dict();
        map.forEach((name, value) -> dict.put(Utf8.of(String.valueOf(name)), value(value)));
        yield dict;
      }
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>(list.size());
        for (Object item : list) {
          items.add(value(item));
        }
        yield Slice.any(items);
      }
      default -> throw new IllegalArgumentException("no data of a template: " + data.getClass());
    };
  }

  /// A map of texts.
  public static Dict texts(Map<String, byte[]> texts) {
    Dict dict = new Dict(Type.STRING);
    texts.forEach((name, text) -> dict.put(Utf8.of(name), Utf8.of(text)));
    return dict;
  }
}
