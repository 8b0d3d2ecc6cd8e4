package dev.tiphys.template.format;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.time.GoTime;
import dev.tiphys.template.time.Layout;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as JSON, and JSON as values, whose numbers are all `float64`.
///
/// Threads: one; made for one text.
public final class JsonText {

  private final Budget budget;
  private final boolean escapes;
  private final String indent;
  private final StringBuilder out = new StringBuilder();

  private JsonText(Budget budget, boolean escapes, String indent) {
    this.budget = budget;
    this.escapes = escapes;
    this.indent = indent;
  }

  /// @param escapes whether what HTML minds is escaped
  /// @param indent what lines of nested values begin with; empty for one line
  /// @throws CallException if there is a number that JSON does not have
  public static String of(@Nullable Object value, boolean escapes, String indent, Budget budget) {
    JsonText text = new JsonText(budget, escapes, indent);
    text.write(value, 0);
    return text.out.toString();
  }

  /// @throws CallException if that is no JSON
  public static @Nullable Object parse(String json, Budget budget) {
    try {
      byte[] utf8 = Utf8.bytes(Utf8.of(Utf8.characters(json)));
      return value(Json.parse(utf8), budget);
    } catch (EncodingException e) {
      throw new CallException(Utf8.of(String.valueOf(e.getMessage())));
    }
  }

  /// A tree as a value.
  public static @Nullable Object value(Object tree, Budget budget) {
    budget.step();
    return switch (tree) {
      case Null _ -> null;
      case String text -> {
        budget.bytes(text.length());
        yield Utf8.of(text);
      }
      case Long number -> (Double) number.doubleValue();
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(value(item, budget)));
        yield Slice.any(items);
      }
      case Struct struct -> {
        Dict dict = new Dict();
        struct.forEach((name, field) -> dict.put(Utf8.of(name), value(field, budget)));
        yield dict;
      }
      default -> tree;
    };
  }

  private void write(@Nullable Object value, int depth) {
    budget.step();
    budget.depth(depth);
    int start = out.length();
    switch (value) {
      case null -> out.append("null");
      case String text -> string(text);
      case Boolean truth -> out.append(truth);
      case Long number -> out.append(number);
      case Whole number ->
          out.append(
              number.type() == Type.UINT64
                  ? Long.toUnsignedString(number.value())
                  : Long.toString(number.value()));
      case Double number -> out.append(number(number));
      case byte[] bytes -> string(Base64.getEncoder().encodeToString(bytes));
      case Slice slice -> slice(slice, depth);
      case Dict dict -> fields(dict.entries(), depth);
      case GoTime time -> string(Layout.format(time, "2006-01-02T15:04:05.999999999Z07:00"));
      case Instance instance when instance.text() != null ->
          string(String.valueOf(instance.text()));
      case Instance instance -> fields(instance.fields(), depth);
      default -> throw new CallException("json: unsupported type: " + Type.of(value).name());
    }
    budget.bytes(Math.min(out.length() - start, 64));
  }

  private void slice(Slice slice, int depth) {
    if (slice.isNone()) {
      out.append("null");
      return;
    }
    out.append('[');
    String between = "";
    for (Object item : slice.items()) {
      out.append(between);
      line(depth + 1);
      write(item, depth + 1);
      between = ",";
    }
    if (slice.size() > 0) {
      line(depth);
    }
    out.append(']');
  }

  private void fields(Map<String, ? extends @Nullable Object> fields, int depth) {
    out.append('{');
    Iterator<? extends Map.Entry<String, ? extends @Nullable Object>> entries =
        fields.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, ? extends @Nullable Object> entry = entries.next();
      line(depth + 1);
      string(entry.getKey());
      out.append(indent.isEmpty() ? ":" : ": ");
      write(entry.getValue(), depth + 1);
      out.append(entries.hasNext() ? "," : "");
    }
    if (!fields.isEmpty()) {
      line(depth);
    }
    out.append('}');
  }

  private void line(int depth) {
    if (!indent.isEmpty()) {
      budget.bytes((long) indent.length() * depth);
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void string(String text) {
    budget.bytes(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int width = Utf8.width(text, i);
      int rune = Utf8.rune(text, i);
      int simple = "\"\\\b\f\n\r\t".indexOf(rune);
      if (simple >= 0) {
        out.append('\\').append("\"\\bfnrt".charAt(simple));
      } else if (isEscaped(rune) || width == 1 && rune == 0xfffd) {
        out.append("\\u").append(String.format(Locale.ROOT, "%04x", rune));
      } else {
        out.append(text, i, i + width);
      }
      i += width;
    }
    out.append('"');
  }

  private boolean isEscaped(int rune) {
    boolean html = rune == '<' || rune == '>' || rune == '&';
    return rune < ' ' || escapes && html || rune == 0x2028 || rune == 0x2029;
  }

  private static String number(double number) {
    if (!Double.isFinite(number)) {
      throw new CallException("json: unsupported value: " + Floats.shortest(number));
    }
    double size = Math.abs(number);
    boolean plain = number == 0 || size >= 1e-6 && size < 1e21;
    String text = Floats.format(number, plain ? 'f' : 'e', -1);
    return plain ? text : text.replaceFirst("e-0([0-9])$", "e-$1");
  }
}
