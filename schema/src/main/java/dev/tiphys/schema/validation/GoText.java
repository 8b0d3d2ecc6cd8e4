package dev.tiphys.schema.validation;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Field;
import dev.tiphys.schema.FieldType;
import dev.tiphys.schema.Scalar;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeRef;
import dev.tiphys.schema.TypeTable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Values as upstream's messages show them, which is the way Go prints them.
public final class GoText {

  /// Beginnings of names that Go writes in capitals altogether.
  private static final Map<String, String> INITIALS =
      Map.ofEntries(
          Map.entry("api", "API"),
          Map.entry("cidr", "CIDR"),
          Map.entry("cidrs", "CIDRs"),
          Map.entry("csi", "CSI"),
          Map.entry("dns", "DNS"),
          Map.entry("fs", "FS"),
          Map.entry("http", "HTTP"),
          Map.entry("id", "ID"),
          Map.entry("ip", "IP"),
          Map.entry("iqn", "IQN"),
          Map.entry("nfs", "NFS"),
          Map.entry("os", "OS"),
          Map.entry("se", "SE"),
          Map.entry("tls", "TLS"),
          Map.entry("uid", "UID"),
          Map.entry("url", "URL"));

  private GoText() {}

  /// A value in a message: texts are quoted, all else is JSON.
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quoted(text);
      case Integer number -> number.toString();
      default -> Json.text(value);
    };
  }

  /// A text in quotes, escaped so that it can be read on one line.
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> escape(out, c));
    return out.append('"').toString();
  }

  private static void escape(StringBuilder out, int c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append((char) c);
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0x0b -> out.append("\\v");
      default -> {
        if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else if (c < ' ' || c == 0x7f) {
          out.append(String.format("\\x%02x", c));
        } else {
          out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
      }
    }
  }

  /// Whether Go calls the character printable: letters, marks, numbers, punctuation, symbols and
  /// the ASCII space.
  public static boolean isPrintable(int c) {
    if (c == ' ') {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// Texts in quotes, joined: `"a", "b"`.
  public static String quoted(List<String> texts) {
    return texts.stream().map(GoText::quoted).collect(Collectors.joining(", "));
  }

  /// A struct of a kind's own type, with all of its fields under their Go names: `{"Type":"X"}`.
  public static String struct(@Nullable Object value, Type type) {
    return value instanceof Struct struct ? fields(struct, type) : "null";
  }

  /// @param type the full name of the struct's type
  public static String struct(@Nullable Object value, String type) {
    return struct(value, TypeTable.BUILT_IN.type(type));
  }

  /// A list of structs of a type.
  public static String structs(List<Struct> structs, String type) {
    return structs.stream()
        .map(struct -> struct(struct, type))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String fields(Struct struct, Type type) {
    return entries(struct, type).collect(Collectors.joining(",", "{", "}"));
  }

  private static Stream<String> entries(Struct struct, Type type) {
    boolean plain = type.name().contains(".meta.v1.");
    return type.fields().stream()
        .filter(field -> !plain || struct.get(field.name()) != null)
        .sorted(Comparator.comparing(field -> field.proto().getFirst()))
        .flatMap(field -> entry(struct, field, plain));
  }

  /// A field; metadata is part of the struct itself.
  private static Stream<String> entry(Struct struct, Field field, boolean plain) {
    String name = field.name();
    Object value = struct.get(name);
    if (name.equals("metadata") && field.type() instanceof TypeRef ref) {
      return entries(struct.struct(name), ref.type());
    }
    return Stream.of(
        '"' + (plain ? name : goName(name)) + "\":" + typed(value, field.type(), field));
  }

  private static String typed(@Nullable Object value, FieldType type, Field field) {
    if (value == null || value == Null.NULL) {
      return nothing(type, field);
    }
    return switch (type) {
      case TypeRef ref -> struct(value, ref.type());
      case FieldType.ListOf(FieldType element) ->
          ((List<?>) value)
              .stream()
                  .map(item -> typed(item, element, field))
                  .collect(Collectors.joining(",", "[", "]"));
      case FieldType.MapOf _, Scalar _ -> Json.text(value);
    };
  }

  private static String nothing(FieldType type, Field field) {
    boolean isValue = !field.presence().nullable();
    return switch (type) {
      case TypeRef ref -> isValue ? fields(Struct.EMPTY, ref.type()) : "null";
      case FieldType.ListOf _, FieldType.MapOf _ -> "null";
      case Scalar scalar -> isValue ? empty(scalar) : "null";
    };
  }

  private static String empty(Scalar scalar) {
    return switch (scalar) {
      case STRING, BYTES -> "\"\"";
      case BOOL -> "false";
      case INT32, INT64, DOUBLE, INT_OR_STRING -> "0";
      case QUANTITY -> "\"0\"";
      case DURATION -> "\"0s\"";
      case TIME,
          MICRO_TIME,
          FIELDS,
          ANY,
          JSON,
          SCHEMA_OR_BOOL,
          SCHEMA_OR_ARRAY,
          SCHEMA_OR_STRINGS ->
          "null";
    };
  }

  /// `clusterIP` as `ClusterIP`, `apiGroup` as `APIGroup`.
  private static String goName(String name) {
    if (name.startsWith("x-kubernetes-")) {
      return Stream.of(name.substring(13).split("-"))
          .map(GoText::goName)
          .collect(Collectors.joining("", "X", ""));
    }
    if (name.startsWith("$")) {
      return goName(name.substring(1));
    }
    int end = 0;
    while (end < name.length() && Character.isLowerCase(name.charAt(end))) {
      end++;
    }
    String first = name.substring(0, end);
    String known = INITIALS.get(first);
    if (known != null) {
      return known + name.substring(end);
    }
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
