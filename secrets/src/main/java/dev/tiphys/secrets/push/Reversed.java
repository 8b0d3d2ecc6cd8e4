package dev.tiphys.secrets.push;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.tiphys.secrets.provider.StoreException;
import java.util.Map;
import java.util.TreeMap;

/// Keys of a Secret as they were before the strategy `Unicode` converted them: `_U002f_` is a `/`
/// again.
final class Reversed {

  private static final Pattern ESCAPED = Pattern.compile("_U([0-9a-fA-F]{4,5})_");

  private Reversed() {}

  /// @param strategy `ReverseUnicode`, or anything else for keys as they are
  /// @throws StoreException if two keys become one
  static Map<String, byte[]> keys(Map<String, byte[]> values, String strategy) {
    Map<String, byte[]> reversed = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          String key = key(name, strategy);
          if (reversed.put(key, value) != null) {
            throw new StoreException(
                "could not apply conversion strategy to keys: secret name collision during conversion: "
                    + key);
          }
        });
    return reversed;
  }

  static String key(String name, String strategy) {
    if (!strategy.equals("ReverseUnicode")) {
      return name;
    }
    Matcher matcher = ESCAPED.matcher(name);
    StringBuilder key = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      key.append(name, from, matcher.start());
      key.appendCodePoint(Integer.parseInt(matcher.group(1), 16));
      from = matcher.end();
    }
    return key.append(name, from, name.length()).toString();
  }
}
