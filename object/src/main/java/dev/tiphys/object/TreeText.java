package dev.tiphys.object;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A tree as people read it, in messages and in what tests report: JSON, but never an error. What
/// goes over a wire is written by `encoding`.
final class TreeText {

  private TreeText() {}

  static String of(Object tree) {
    return switch (tree) {
      case Struct struct ->
          IntStream.range(0, struct.size())
              .mapToObj(i -> quoted(struct.name(i)) + ":" + of(struct.value(i)))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(TreeText::of).collect(Collectors.joining(",", "[", "]"));
      case String text -> quoted(text);
      case Double number when Double.isFinite(number) -> decimal(number);
      case Null _ -> "null";
      default -> tree.toString();
    };
  }

  private static String decimal(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  private static String quoted(String text) {
    return text.codePoints()
        .mapToObj(TreeText::escaped)
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> c < ' ' ? "\\u%04x".formatted(c) : Character.toString(c);
    };
  }
}
