package dev.tiphys.template.function;

import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.value.Utf8;
import java.util.Locale;

/// Texts made safe to stand in other languages.
public final class Escapes {

  private Escapes() {}

  static String html(String text, Call call) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case 0 -> out.append("\u00ef\u00bf\u00bd"); // the bytes of U+FFFD
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        default -> out.append(c);
      }
    }
    return call.made(out.toString());
  }

  static String js(String text, Call call) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int width = Utf8.width(text, i);
      int rune = Utf8.rune(text, i);
      switch (rune) {
        case '\\' -> out.append("\\\\");
        case '\'' -> out.append("\\'");
        case '"' -> out.append("\\\"");
        case '<' -> out.append("\\u003C");
        case '>' -> out.append("\\u003E");
        case '&' -> out.append("\\u0026");
        case '=' -> out.append("\\u003D");
        default -> {
          if (rune < ' ' || rune >= 0x80 && !Quoting.isPrintable(rune)) {
            out.append("\\u").append(String.format(Locale.ROOT, "%04X", rune));
          } else {
            out.append(text, i, i + width);
          }
        }
      }
      i += width;
    }
    return call.made(out.toString());
  }

  static String query(String text, Call call) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        out.append('+');
      } else if (c < 0x80 && Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return call.made(out.toString());
  }
}
