package dev.tiphys.delivery.measuring;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Puts arguments where `{{args.NAME}}` stands. Pure.
///
/// @param values by what stands between the braces
public record Placeholders(Map<String, String> values) {

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  public Placeholders {
    values = Map.copyOf(values);
  }

  /// A tree with its arguments in all its texts.
  ///
  /// @throws IllegalArgumentException if one is not known
  public Object resolved(Object tree) {
    return switch (tree) {
      case String text -> text(text);
      case Struct struct -> resolved(struct);
      case List<?> list -> {
        List<Object> all = new ArrayList<>(list.size());
        list.forEach(each -> all.add(resolved(each)));
        yield List.copyOf(all);
      }
      default -> tree;
    };
  }

  /// A struct with its arguments in all its texts.
  ///
  /// @throws IllegalArgumentException if one is not known
  public Struct resolved(Struct struct) {
    StructBuilder all = new StructBuilder();
    struct.forEach((name, value) -> all.add(name, resolved(value)));
    return all.build();
  }

  private String text(String text) {
    int open = text.indexOf(OPEN);
    if (open < 0) {
      return text;
    }
    StringBuilder whole = new StringBuilder();
    int from = 0;
    while (open >= 0) {
      int close = text.indexOf(CLOSE, open);
      if (close < 0) {
        throw new IllegalArgumentException("Cannot find end tag=\"}}\" in \"" + text + "\"");
      }
      String tag = text.substring(open + OPEN.length(), close);
      String value = values.get(tag.strip());
      if (value == null) {
        throw new IllegalArgumentException("failed to resolve {{" + tag + "}}");
      }
      whole.append(text, from, open).append(value);
      from = close + CLOSE.length();
      open = text.indexOf(OPEN, from);
    }
    return whole.append(text, from, text.length()).toString();
  }
}
