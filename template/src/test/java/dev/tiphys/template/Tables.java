package dev.tiphys.template;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Tables of cases among the resources. Their first line has the data of all cases that have none
/// of their own; each other line has a template, and the text or the error that it comes to.
final class Tables {

  private Tables() {}

  /// @param wanted the text, or the message of the error
  record Case(String template, Object data, MissingKey missing, boolean fails, String wanted) {}

  static List<Case> read(String name) throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(Tables.class.getResourceAsStream(name))) {
      String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      Object data = data(Json.struct(lines[0]).get("data"));
      for (int i = 1; i < lines.length; i++) {
        cases.add(read(Json.struct(lines[i]), data));
      }
    }
    return cases;
  }

  private static Case read(Struct line, Object data) {
    boolean fails = line.indexOf("error") >= 0;
    String missing = line.string("missing").isEmpty() ? "default" : line.string("missing");
    return new Case(
        line.string("template"),
        line.indexOf("data") < 0 ? data : data(line.get("data")),
        MissingKey.valueOf(missing.toUpperCase(java.util.Locale.ROOT)),
        fails,
        line.string(fails ? "error" : "wanted"));
  }

  /// A tree with whole numbers as `int`.
  private static Object data(Object tree) {
    return switch (tree) {
      case Long number -> (Object) number.intValue();
      case Null _ -> null;
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(data(item)));
        yield items;
      }
      case Struct struct -> {
        Map<String, Object> map = new TreeMap<>();
        struct.forEach((name, value) -> map.put(name, data(value)));
        yield map;
      }
      default -> tree;
    };
  }
}
