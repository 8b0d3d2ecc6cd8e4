package dev.tiphys.object.encoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Builds a tree straight from the parser's tokens.
///
/// Threads: one per instance; the factory is shared.
final class JsonReader {

  /// As deep as trees may be; upstream's limit is of this order too, and no stack overflows.
  private static final int DEEPEST = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final Consumer<String> duplicate;

  private JsonReader(JsonParser parser, Consumer<String> duplicate) {
    this.parser = parser;
    this.duplicate = duplicate;
  }

  static Object read(byte[] json, int offset, int length, Consumer<String> duplicate) {
    try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new EncodingException("unexpected end of JSON input");
      }
      Object tree = new JsonReader(parser, duplicate).value(first);
      if (parser.nextToken() != null) {
        throw new EncodingException("invalid data after top-level value");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new EncodingException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new EncodingException("unreadable JSON: " + e.getMessage(), e);
    }
  }

  private Object value(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> struct();
      case START_ARRAY -> list();
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> Null.NULL;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new EncodingException("unexpected " + token);
    };
  }

  private Object integer() throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getDoubleValue();
    };
  }

  private Struct struct() throws IOException {
    StructBuilder fields = new StructBuilder();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = parser.currentName();
      if (fields.put(name, value(parser.nextToken()))) {
        duplicate.accept(path());
      }
    }
    return fields.build();
  }

  private List<Object> list() throws IOException {
    List<Object> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(token));
    }
    return List.of(elements.toArray());
  }

  /// Where the parser is, as `spec.containers[0].name`.
  private String path() {
    StringBuilder path = new StringBuilder();
    String pointer = parser.getParsingContext().pathAsPointer().toString();
    for (String part : pointer.split("/")) {
      String name = part.replace("~1", "/").replace("~0", "~");
      if (!name.isEmpty() && name.chars().allMatch(Character::isDigit)) {
        path.append('[').append(name).append(']');
      } else if (!name.isEmpty()) {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.toString();
  }
}
