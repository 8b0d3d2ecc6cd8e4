package dev.tiphys.secrets.data;

import dev.tiphys.secrets.provider.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Names in a store that become keys of a Secret, which may have letters, digits, `-`, `.` and `_`
/// only.
public final class Keys {

  private static final int LONGEST = 253;

  private Keys() {}

  /// Keys with every other character replaced.
  ///
  /// @param strategy `Unicode` keeps which character it was; all others do not
  /// @throws StoreException if two become one
  public static Map<String, byte[]> converted(Map<String, byte[]> values, String strategy) {
    Map<String, byte[]> converted = new LinkedHashMap<>();
    for (String key : inOrder(values)) {
      String name = converted(key, strategy.equals("Unicode"));
      if (converted.containsKey(name)) {
        throw new StoreException(
            "error applying conversion strategy %s to keys: secret name collision during conversion: %s"
                .formatted(strategy, name));
      }
      converted.put(name, values.get(key));
    }
    return converted;
  }

  private static String converted(String key, boolean unicode) {
    StringBuilder name = new StringBuilder(key.length());
    key.codePoints()
        .forEach(
            each -> {
              if (isValid(each)) {
                name.appendCodePoint(each);
              } else {
                name.append(unicode ? "_U%04x_".formatted(each) : "_");
              }
            });
    return name.toString();
  }

  private static boolean isValid(int character) {
    return character >= 'a' && character <= 'z'
        || character >= 'A' && character <= 'Z'
        || character >= '0' && character <= '9'
        || character == '-'
        || character == '.'
        || character == '_';
  }

  /// The same without empty keys.
  ///
  /// @throws StoreException if a key can be none of a Secret
  public static Map<String, byte[]> checked(Map<String, byte[]> values) {
    Map<String, byte[]> checked = new LinkedHashMap<>();
    for (String key : inOrder(values)) {
      if (key.isEmpty()) {
        continue;
      }
      if (key.length() > LONGEST) {
        throw invalid("key has length " + key.length() + " but max is " + LONGEST, key);
      }
      key.codePoints()
          .filter(each -> !isValid(each))
          .findFirst()
          .ifPresent(
              each -> {
                throw invalid(
                    "key has invalid character "
                        + Character.toString(each)
                        + ", only alphanumeric, '-', '.' and '_' are allowed",
                    key);
              });
      checked.put(key, values.get(key));
    }
    return checked;
  }

  private static StoreException invalid(String why, String key) {
    return new StoreException(
        "invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): %s: %s"
            .formatted(why, key));
  }

  private static Set<String> inOrder(Map<String, byte[]> values) {
    return new TreeSet<>(values.keySet());
  }
}
