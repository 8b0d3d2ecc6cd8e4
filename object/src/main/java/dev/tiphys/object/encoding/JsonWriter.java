package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes trees as JSON, straight into a buffer: fields by name, or in the order of their type.
///
/// Threads: one.
public final class JsonWriter {

  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final ByteBuilder out;

  public JsonWriter() {
    this(new ByteBuilder(512));
  }

  public JsonWriter(ByteBuilder out) {
    this.out = out;
  }

  /// Writes one value.
  ///
  /// @throws EncodingException if there is a number that JSON does not have
  /// @throws IllegalArgumentException if there is anything in `tree` that no tree is made of
  public void write(Object tree) {
    write(tree, null);
  }

  /// As [#write(Object)], with the fields of `tree`, or of the structs in the list that it is, in
  /// their declared order.
  public void write(Object tree, @Nullable FieldOrder order) {
    switch (tree) {
      case Struct struct when order != null -> writeStruct(struct, order);
      case Struct struct -> writeStruct(struct);
      case String text -> writeString(text);
      case List<?> list -> writeList(list, order);
      case Long number -> out.addAscii(Long.toString(number));
      case Boolean truth -> out.addAscii(truth ? "true" : "false");
      case Double number -> out.addAscii(number(number));
      case Null _ -> out.addAscii("null");
      default -> throw new IllegalArgumentException("no part of a tree: " + tree.getClass());
    }
  }

  public byte[] toBytes() {
    return out.toBytes();
  }

  private void writeStruct(Struct struct) {
    out.add('{');
    for (int i = 0; i < struct.size(); i++) {
      if (i > 0) {
        out.add(',');
      }
      writeString(struct.name(i));
      out.add(':');
      write(struct.value(i));
    }
    out.add('}');
  }

  private void writeStruct(Struct struct, FieldOrder order) {
    FieldOrder.Arrangement fields = order.of(struct);
    out.add('{');
    for (int i = 0; i < fields.size(); i++) {
      out.add(fields.head(i));
      write(struct.value(fields.index(i)), fields.content(i));
    }
    out.add('}');
  }

  private void writeList(List<?> list, @Nullable FieldOrder order) {
    out.add('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.add(',');
      }
      write(list.get(i), order);
    }
    out.add(']');
  }

  private void writeString(String text) {
    out.add('"');
    if (isPlain(text)) {
      out.addAscii(text);
    } else {
      writeEscaped(text);
    }
    out.add('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
        return false;
      }
    }
    return true;
  }

  private void writeEscaped(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"' -> out.addAscii("\\\"");
        case '\\' -> out.addAscii("\\\\");
        case '\n' -> out.addAscii("\\n");
        case '\r' -> out.addAscii("\\r");
        case '\t' -> out.addAscii("\\t");
        case '\b' -> out.addAscii("\\b");
        case '\f' -> out.addAscii("\\f");
        default -> {
          if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
            writeUnicode(c);
          } else {
            writeUtf8(c);
          }
        }
      }
    }
  }

  private void writeUnicode(int c) {
    out.addAscii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.add(HEX[(c >> shift) & 0xf]);
    }
  }

  private void writeUtf8(int c) {
    if (c < 0x80) {
      out.add(c);
    } else if (c < 0x800) {
      out.add(0xc0 | c >> 6);
      out.add(0x80 | c & 0x3f);
    } else if (Character.isBmpCodePoint(c) && Character.isSurrogate((char) c)) {
      writeUtf8(0xfffd);
    } else if (c < 0x10000) {
      out.add(0xe0 | c >> 12);
      out.add(0x80 | c >> 6 & 0x3f);
      out.add(0x80 | c & 0x3f);
    } else {
      out.add(0xf0 | c >> 18);
      out.add(0x80 | c >> 12 & 0x3f);
      out.add(0x80 | c >> 6 & 0x3f);
      out.add(0x80 | c & 0x3f);
    }
  }

  /// A fraction as Go prints it: plain digits, or an exponent where that is very long.
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      String name = Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
      throw new EncodingException("json: unsupported value: " + name);
    }
    double size = Math.abs(value);
    if (value == 0 || (size >= 1e-6 && size < 1e21)) {
      return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
    String text = Double.toString(value).replace(".0E", "E").replace("E", "e");
    int exponent = text.indexOf('e') + 1;
    if (exponent > 0 && text.charAt(exponent) != '-') {
      text = text.substring(0, exponent) + "+" + text.substring(exponent);
    }
    return text;
  }
}
