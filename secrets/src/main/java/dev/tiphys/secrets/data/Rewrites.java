package dev.tiphys.secrets.data;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.template.Functions;
import dev.tiphys.template.MissingKey;
import dev.tiphys.template.Template;
import dev.tiphys.template.TemplateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Gives values other keys: a `rewrite`, whose operations come one after the other.
public final class Rewrites {

  private final Functions functions;

  /// @param functions that a `transform` may call
  public Rewrites(Functions functions) {
    this.functions = functions;
  }

  /// @throws StoreException if an operation fails; it says which
  public Map<String, byte[]> apply(List<Struct> operations, Map<String, byte[]> values) {
    Map<String, byte[]> now = values;
    for (int i = 0; i < operations.size(); i++) {
      Struct operation = operations.get(i);
      try {
        if (operation.has("regexp")) {
          now = regexp(operation.struct("regexp"), now);
        } else if (operation.has("transform")) {
          now = transform(operation.string("transform", "template"), now);
        } else if (operation.has("merge")) {
          now = Merge.of(operation.struct("merge")).apply(now);
        }
      } catch (StoreException | TemplateException e) {
        throw new StoreException(
            "error applying rewrite to keys: failed rewrite operation[%d]: %s"
                .formatted(i, e.getMessage()));
      }
    }
    return now;
  }

  private static Map<String, byte[]> regexp(Struct operation, Map<String, byte[]> values) {
    Pattern source = compiled(operation.string("source"));
    String target = operation.string("target");
    Map<String, byte[]> renamed = new LinkedHashMap<>();
    new TreeMap<>(values)
        .forEach((key, value) -> renamed.put(replaced(source, target, key), value));
    return renamed;
  }

  private static Pattern compiled(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new StoreException("regexp failed with failed to compile: " + e.getMessage());
    }
  }

  /// As Go's ReplaceAllString: `$1`, `${1}` and `${name}` are groups, `$$` is a dollar.
  private static String replaced(Pattern source, String target, String key) {
    Matcher matcher = source.matcher(key);
    StringBuilder result = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      result.append(key, from, matcher.start());
      expand(matcher, target, result);
      from = matcher.end();
    }
    return result.append(key, from, key.length()).toString();
  }

  private static void expand(Matcher matcher, String target, StringBuilder result) {
    for (int i = 0; i < target.length(); i++) {
      char each = target.charAt(i);
      if (each != '$' || i + 1 == target.length()) {
        result.append(each);
        continue;
      }
      if (target.charAt(i + 1) == '$') {
        result.append('$');
        i++;
        continue;
      }
      boolean braces = target.charAt(i + 1) == '{';
      int begin = i + (braces ? 2 : 1);
      int end = begin;
      while (end < target.length() && isOfName(target.charAt(end))) {
        end++;
      }
      boolean closed = !braces || end < target.length() && target.charAt(end) == '}';
      if (end == begin || !closed) {
        result.append(each);
        continue;
      }
      result.append(group(matcher, target.substring(begin, end)));
      i = braces ? end : end - 1;
    }
  }

  private static boolean isOfName(char each) {
    return Character.isLetterOrDigit(each) || each == '_';
  }

  private static String group(Matcher matcher, String name) {
    String value;
    try {
      value =
          name.chars().allMatch(Character::isDigit)
              ? matcher.group(Integer.parseInt(name))
              : matcher.group(name);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return ""; // there is no such group
    }
    return value == null ? "" : value;
  }

  private Map<String, byte[]> transform(String text, Map<String, byte[]> values) {
    Template template = Template.parse("transform", text, functions).missingKey(MissingKey.ERROR);
    Map<String, byte[]> renamed = new LinkedHashMap<>();
    new TreeMap<>(values)
        .forEach((key, value) -> renamed.put(template.execute(Map.of("value", key)), value));
    return renamed;
  }
}
