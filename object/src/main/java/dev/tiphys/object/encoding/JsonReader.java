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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds a tree straight from the parser's tokens.
///
/// Threads: one per instance; the factory is shared.
final class JsonReader {

  /// How deep a tree may be, so that no stack overflows, whatever walks it.
  static final int DEEPEST = 500;

  static final String TOO_DEEP = "exceeded max depth";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST + 1) // found too deep here, in words of our own
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final Repetition repetition;

  private JsonReader(JsonParser parser, Repetition repetition) {
    this.parser = parser;
    this.repetition = repetition;
  }

  static Object read(byte[] json, int offset, int length, Repetition repetition) {
    try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
      JsonToken first = parser.nextToken();
      Object tree = first == null ? null : new JsonReader(parser, repetition).value(first);
      if (tree == null || parser.nextToken() != null) {
        throw malformed(json, offset, length, null);
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw malformed(json, offset, length, e);
    } catch (IOException e) {
      throw new EncodingException("unreadable JSON", e);
    }
  }

  static List<String> fieldPaths(byte[] json) {
    List<String> paths = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          paths.add(path(parser));
        }
      }
      return paths;
    } catch (IOException e) {
      throw malformed(json, 0, json.length, e);
    }
  }

  private static EncodingException malformed(
      byte[] json, int offset, int length, @Nullable Throwable cause) {
    byte[] read = Arrays.copyOfRange(json, offset, offset + length);
    return new EncodingException(JsonSyntax.problem(read), cause);
  }

  private Object value(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> struct();
      case START_ARRAY -> list();
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> fraction();
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
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> fraction();
    };
  }

  /// A number that is no 64-bit integer; refused if a double can't hold it either.
  private Double fraction() throws IOException {
    double number = parser.getDoubleValue();
    if (!Double.isFinite(number)) {
      throw new EncodingException(
          "json: cannot unmarshal number " + parser.getText() + " into Go value of type float64");
    }
    return number;
  }

  private void checkDepth() {
    if (parser.getParsingContext().getNestingDepth() > DEEPEST) {
      throw new EncodingException(TOO_DEEP);
    }
  }

  private Struct struct() throws IOException {
    checkDepth();
    StructBuilder fields = new StructBuilder();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = parser.currentName();
      Object value = value(parser.nextToken());
      Object earlier = fields.put(name, value);
      if (earlier != null) {
        fields.put(name, repetition.value(path(parser), earlier, value));
      }
    }
    return fields.build();
  }

  private List<Object> list() throws IOException {
    checkDepth();
    List<Object> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(token));
    }
    return List.of(elements.toArray());
  }

  /// Where the parser is, as `spec.containers[0].name`.
  private static String path(JsonParser parser) {
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
