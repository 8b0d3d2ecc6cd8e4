package dev.tiphys.schema;

import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one `.types` file.
///
/// ```
/// package io.k8s.api.core.v1
///
/// type ContainerPort                 # `atomic`: merged as a whole; `kind=group/version/Kind`
///   name  string  proto=1            # name, type, attributes
///   ...
/// enum Protocol
///   "TCP"
/// ```
///
/// Types are a word of [Scalar], a type of the same package, or a full name; `[]x` is a list and
/// `{}x` a map. Attributes: `proto=N` (`N.M`: nested message); `pointer` and `always` give the
/// [Presence]; `required`; `default=JSON`, `declared=JSON` (stated by the API description, not
/// applied); `enum=Name`; `go=v1.Name` (what its type is called in Go); `atomic`, `set`, `keys=a,b`
/// (server-side apply); `merge`, `merge=key`, `replace`, `retainKeys` (strategic merge patch).
final class TypeFile {

  private static final Map<String, Scalar> SCALARS = new HashMap<>();

  static {
    for (Scalar scalar : Scalar.values()) {
      SCALARS.put(scalar.word(), scalar);
    }
  }

  private final TypeTable table;
  private final String packageName;

  TypeFile(TypeTable table, String packageName) {
    this.table = table;
    this.packageName = packageName;
  }

  /// Adds the types and enumerations that are not there yet.
  void read(String text, Map<String, Type> types, Map<String, List<String>> enums) {
    String[] lines = text.split("\n");
    int at = 1;
    while (at < lines.length) {
      String head = lines[at++];
      if (head.isEmpty()) {
        continue;
      }
      int end = at;
      while (end < lines.length && lines[end].startsWith("  ")) {
        end++;
      }
      String[] words = head.split(" ");
      String name = packageName + "." + words[1];
      switch (words[0]) {
        case "type" -> types.putIfAbsent(name, type(name, words, lines, at, end));
        case "enum" -> enums.putIfAbsent(name, values(lines, at, end));
        default -> throw TypeTable.malformed(packageName, head);
      }
      at = end;
    }
  }

  private Type type(String name, String[] head, String[] lines, int from, int to) {
    List<Field> fields = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      fields.add(field(lines[i]));
    }
    return new Type(name, fields, List.of(head).contains("atomic"));
  }

  private static List<String> values(String[] lines, int from, int to) {
    List<String> values = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      values.add((String) json(lines[i].strip()));
    }
    return List.copyOf(values);
  }

  private Field field(String line) {
    String[] words = line.strip().split(" +");
    Attributes found = new Attributes();
    for (int i = 2; i < words.length; i++) {
      found.read(words[i], line);
    }
    Presence presence =
        found.always
            ? (found.pointer ? Presence.ALWAYS_NULLABLE : Presence.ALWAYS)
            : (found.pointer ? Presence.WHEN_SET : Presence.WHEN_NOT_EMPTY);
    return new Field(
        words[0],
        fieldType(words[1]),
        found.proto,
        presence,
        found.required,
        found.defaultValue,
        found.enumName,
        found.goType,
        new Field.Merging(
            found.atomic,
            found.set,
            found.keys,
            found.merge,
            found.mergeKey,
            found.replace,
            found.retainKeys));
  }

  private FieldType fieldType(String word) {
    if (word.startsWith("[]")) {
      return new FieldType.ListOf(fieldType(word.substring(2)));
    }
    if (word.startsWith("{}")) {
      return new FieldType.MapOf(fieldType(word.substring(2)));
    }
    Scalar scalar = SCALARS.get(word);
    if (scalar != null) {
      return scalar;
    }
    return new TypeRef(word.indexOf('.') < 0 ? packageName + "." + word : word, table);
  }

  private static Object json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The attributes of one field, as they are read.
  private final class Attributes {
    List<Integer> proto = List.of();
    boolean pointer;
    boolean always;
    boolean required;
    @Nullable Object defaultValue;
    @Nullable String enumName;
    @Nullable String goType;
    boolean atomic;
    boolean set;
    List<String> keys = List.of();
    boolean merge;
    @Nullable String mergeKey;
    boolean replace;
    boolean retainKeys;

    void read(String word, String line) {
      int equals = word.indexOf('=');
      String value = word.substring(equals + 1);
      switch (equals < 0 ? word : word.substring(0, equals)) {
        case "proto" -> proto = numbers(value);
        case "pointer" -> pointer = true;
        case "always" -> always = true;
        case "required" -> required = true;
        case "default" -> defaultValue = json(value);
        case "declared" -> {}
        case "enum" -> enumName = value;
        case "go" -> goType = value;
        case "atomic" -> atomic = true;
        case "set" -> set = true;
        case "keys" -> keys = List.of(value.split(","));
        case "merge" -> {
          merge = true;
          mergeKey = equals < 0 ? null : value;
        }
        case "replace" -> replace = true;
        case "retainKeys" -> retainKeys = true;
        default -> throw TypeTable.malformed(packageName, line);
      }
    }

    private static List<Integer> numbers(String path) {
      List<Integer> numbers = new ArrayList<>();
      for (String part : path.split("\\.")) {
        numbers.add(Integer.valueOf(part));
      }
      return numbers;
    }
  }
}
