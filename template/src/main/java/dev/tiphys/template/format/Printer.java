package dev.tiphys.template.format;

import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.time.Spans;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Kind;
import dev.tiphys.template.value.Nothing;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as Go's `fmt` prints them, verb by verb.
///
/// Threads: one; made for one text.
public final class Printer {

  private final Budget budget;
  private final StringBuilder out = new StringBuilder();
  Flags flags = new Flags();

  public Printer(Budget budget) {
    this.budget = budget;
  }

  /// One value as `%v`.
  public static String text(@Nullable Object value, Budget budget) {
    if (value instanceof String text) {
      return text;
    }
    Printer printer = new Printer(budget);
    printer.argument(value, 'v');
    return printer.toString();
  }

  /// One value by a verb without flags.
  public static String text(@Nullable Object value, char verb, Budget budget) {
    Printer printer = new Printer(budget);
    printer.argument(value, verb);
    return printer.toString();
  }

  /// Values one after the other, with a space between two neither of which is a text.
  public static String print(List<? extends @Nullable Object> values, Budget budget) {
    Printer printer = new Printer(budget);
    boolean afterText = true;
    for (Object value : values) {
      boolean isText = value instanceof String;
      if (!isText && !afterText) {
        printer.append(" ");
      }
      printer.argument(value, 'v');
      afterText = isText;
    }
    return printer.toString();
  }

  /// Values with spaces between them, and the end of a line.
  public static String printLine(List<? extends @Nullable Object> values, Budget budget) {
    Printer printer = new Printer(budget);
    for (int i = 0; i < values.size(); i++) {
      printer.append(i > 0 ? " " : "");
      printer.argument(values.get(i), 'v');
    }
    return printer.append("\n").toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }

  Printer append(String text) {
    budget.bytes(text.length());
    out.append(text);
    return this;
  }

  /// Text, padded to the width; widths count characters.
  void padded(String text) {
    append(flags.width < 0 ? text : flags.pad(text, Utf8.count(text)));
  }

  /// What an argument is, by a verb.
  void argument(@Nullable Object value, char verb) {
    if (value == null || value == Nothing.NIL) {
      if (verb == 'T' || verb == 'v') {
        padded("<nil>");
      } else {
        badVerb(value, verb);
      }
    } else if (verb == 'T') {
      Texts.format(this, Type.of(value).name(), 's');
    } else if (verb == 'p') {
      pointer(value);
    } else {
      value(value, verb, 0);
    }
  }

  private void pointer(Object value) {
    badVerb(value, 'p'); // an address would be another each time
  }

  void badVerb(@Nullable Object value, char verb) {
    append("%!").append(Utf8.of(verb)).append("(");
    if (value == null || value == Nothing.NIL) {
      append("<nil>");
    } else {
      append(Type.of(value).name()).append("=");
      Flags outer = flags;
      flags = new Flags();
      flags.width = outer.width;
      flags.zero = outer.zero;
      flags.minus = outer.minus;
      flags.precision = outer.precision;
      flags.plus = outer.plus;
      flags.space = outer.space;
      flags.sharp = outer.sharp;
      element(value, 'v', 0);
      flags = outer;
    }
    append(")");
  }

  private void value(Object value, char verb, int depth) {
    budget.step();
    budget.depth(depth);
    if (value instanceof Instance instance) {
      instance(instance, verb, depth);
      return;
    }
    if (value instanceof Whole whole && whole.type().name().startsWith("time.")) {
      named(whole, verb);
      return;
    }
    element(value, verb, depth);
  }

  private void named(Whole whole, char verb) {
    boolean says = !flags.sharpV && "vsxXq".indexOf(verb) >= 0;
    if (says) {
      Texts.format(this, Spans.text(whole), verb);
    } else {
      element(whole, verb, 0);
    }
  }

  private void instance(Instance instance, char verb, int depth) {
    String text = instance.text();
    if (text != null && !flags.sharpV && "vsxXq".indexOf(verb) >= 0) {
      Texts.format(this, text, verb);
      return;
    }
    boolean pointer = instance.type().kind() == Kind.POINTER;
    append(flags.sharpV ? instance.type().name() : pointer ? "&" : "").append("{");
    String between = "";
    for (Map.Entry<String, Object> field : instance.fields().entrySet()) {
      append(between);
      if (flags.plusV || flags.sharpV) {
        append(field.getKey()).append(":");
      }
      value(field.getValue(), verb, depth + 1);
      between = flags.sharpV ? ", " : " ";
    }
    append("}");
  }

  private void element(Object value, char verb, int depth) {
    switch (value) {
      case String text -> Texts.string(this, text, verb);
      case Boolean truth -> truth(truth, verb);
      case Long number -> Integers.format(this, number, verb, Type.INT);
      case Whole number -> Integers.format(this, number.value(), verb, number.type());
      case Double number -> FloatVerbs.format(this, number, verb);
      case byte[] bytes -> Texts.bytes(this, bytes, verb);
      case Dict dict -> dict(dict, verb, depth);
      case Slice slice -> slice(slice, verb, depth);
      default -> append("<nil>");
    }
  }

  private void truth(boolean truth, char verb) {
    if (verb == 't' || verb == 'v') {
      padded(Boolean.toString(truth));
    } else {
      badVerb(truth, verb);
    }
  }

  private void dict(Dict dict, char verb, int depth) {
    append(flags.sharpV ? dict.type().name() + "{" : "map[");
    String between = "";
    for (Map.Entry<String, @Nullable Object> entry : dict.entries().entrySet()) {
      append(between);
      value(entry.getKey(), verb, depth + 1);
      append(":");
      nested(entry.getValue(), dict.element(), verb, depth);
      between = flags.sharpV ? ", " : " ";
    }
    append(flags.sharpV ? "}" : "]");
  }

  private void slice(Slice slice, char verb, int depth) {
    if (flags.sharpV && slice.isNone()) {
      append(slice.type().name() + "(nil)");
      return;
    }
    append(flags.sharpV ? slice.type().name() + "{" : "[");
    String between = "";
    for (Object item : slice.items()) {
      append(between);
      nested(item, slice.element(), verb, depth);
      between = flags.sharpV ? ", " : " ";
    }
    append(flags.sharpV ? "}" : "]");
  }

  private void nested(@Nullable Object value, Type declared, char verb, int depth) {
    if (value == null || value == Nothing.NIL) {
      if (flags.sharpV) {
        append(declared.name() + "(nil)");
      } else {
        append("<nil>");
      }
    } else {
      value(value, verb, depth + 1);
    }
  }
}
