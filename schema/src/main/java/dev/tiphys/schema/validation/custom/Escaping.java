package dev.tiphys.schema.validation.custom;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Names of fields as expressions spell them, which know letters, digits and underscores only.
public final class Escaping {

  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  private Escaping() {}

  /// Whether a word means something in expressions, so that nothing can be called so.
  public static boolean isReserved(String word) {
    return RESERVED.contains(word);
  }

  /// The name in expressions; null if a field cannot be named in them.
  static @Nullable String escaped(String name) {
    if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
      return null;
    }
    if (isReserved(name)) {
      return "__" + name + "__";
    }
    StringBuilder escaped = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '.' -> escaped.append("__dot__");
        case '-' -> escaped.append("__dash__");
        case '/' -> escaped.append("__slash__");
        case '_' -> {
          boolean pair = i + 1 < name.length() && name.charAt(i + 1) == '_';
          escaped.append(pair ? "__underscores__" : "_");
          i += pair ? 1 : 0;
        }
        default -> {
          if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')) {
            return null;
          }
          escaped.append(c);
        }
      }
    }
    return escaped.toString();
  }
}
