package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;

/// The place in a schema that a path such as `.spec.names['a.b']` leads to.
///
/// @param path the path, in the form of those in messages
/// @param root its first step
/// @param schema the schema there
public record SchemaPath(String path, String root, Struct schema) {

  /// @param arrays whether steps may stand in brackets
  /// @throws IllegalArgumentException saying why the path leads nowhere
  public static SchemaPath follow(String path, Struct schema, boolean arrays) {
    SchemaPath at = new SchemaPath("", "", schema);
    int from = 0;
    while (from < path.length()) {
      char delimiter = path.charAt(from);
      if (delimiter == '.') {
        int end = endOfName(path, from + 1);
        if (end == from + 1) {
          throw new IllegalArgumentException(
              end == path.length()
                  ? "unexpected end of JSON path"
                  : "does not refer to a valid field");
        }
        at = at.step(path.substring(from + 1, end));
        from = end;
      } else if (delimiter == '[') {
        if (!arrays) {
          throw new IllegalArgumentException("array notation is not allowed");
        }
        int end = endOfQuoted(path, from + 1);
        at = at.step(unescaped(path.substring(from + 2, end)));
        from = end + 2;
      } else {
        throw new IllegalArgumentException(
            "expected [ or . but got: " + path.substring(from, endOfName(path, from + 1)));
      }
    }
    return at;
  }

  private static int endOfName(String path, int from) {
    int end = from;
    while (end < path.length() && ".[]".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /// Where the closing quote of a step in brackets is.
  private static int endOfQuoted(String path, int from) {
    int end = from + 1;
    while (end < path.length() && (path.charAt(end) != '\'' || path.charAt(end - 1) == '\\')) {
      end++;
    }
    if (from >= path.length() || path.charAt(from) != '\'' || end >= path.length()) {
      throw new IllegalArgumentException(
          from >= path.length()
              ? "unexpected end of JSON path"
              : "expected single quoted string but got " + path.substring(from));
    }
    if (end + 1 >= path.length()) {
      throw new IllegalArgumentException("unexpected end of JSON path");
    }
    if (path.charAt(end + 1) != ']') {
      throw new IllegalArgumentException("expected ] but got " + path.substring(end + 1));
    }
    return end;
  }

  private static String unescaped(String text) {
    return text.replace("\\'", "'").replace("\\\\", "\\");
  }

  private SchemaPath step(String name) {
    if (schema.has("properties")) {
      Object next = schema.struct("properties").get(name);
      if (!(next instanceof Struct field)) {
        throw new IllegalArgumentException("does not refer to a valid field");
      }
      return new SchemaPath(
          path.isEmpty() ? name : path + "." + name, root.isEmpty() ? name : root, field);
    }
    if (!(schema.get("additionalProperties") instanceof Struct value)) {
      throw new IllegalArgumentException("does not refer to a valid field");
    }
    return new SchemaPath(path + "[" + name + "]", root.isEmpty() ? name : root, value);
  }
}
