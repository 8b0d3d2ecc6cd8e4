package dev.tiphys.node.images;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value in one of the small JSON documents that describe images.
///
/// What is asked for and not there reads as empty: these documents leave out what they do not need.
///
/// @param value a map, a list, a text, or null for everything else
record Json(@Nullable Object value) {

  private static final JsonFactory FACTORY = new JsonFactory();

  static Json parse(byte[] document) throws IOException {
    try (JsonParser parser = FACTORY.createParser(document)) {
      parser.nextToken();
      return read(parser);
    }
  }

  /// The field of this name, if this is an object that has one.
  Json field(String name) {
    return value instanceof Map<?, ?> map && map.get(name) instanceof Json field
        ? field
        : new Json(null);
  }

  /// The items, if this is a list.
  List<Json> items() {
    List<Json> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Json json) {
          items.add(json);
        }
      }
    }
    return items;
  }

  /// The text, if this is one.
  String text() {
    return value instanceof String text ? text : "";
  }

  private static Json read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> new Json(parser.getText());
      case null, default -> new Json(null);
    };
  }

  private static Json readObject(JsonParser parser) throws IOException {
    Map<String, Json> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, read(parser));
    }
    return new Json(fields);
  }

  private static Json readArray(JsonParser parser) throws IOException {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == null) {
        throw new IOException("the document ends in the middle of a list");
      }
      items.add(read(parser));
    }
    return new Json(items);
  }
}
