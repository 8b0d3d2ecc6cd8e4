package dev.tiphys.apiserver.http.media;

import dev.tiphys.http.Header;
import java.util.ArrayList;
import java.util.List;

/// Warnings as header fields (RFC 7234, 5.5). Upstream's bounds: when all of them together are
/// longer than 4096 characters each is cut at 256, and what then goes over 4096 is left out.
final class WarningHeaders {

  private static final int TOTAL = 4096;
  private static final int EACH = 256;

  private WarningHeaders() {}

  static List<Header> of(List<String> warnings) {
    List<String> texts = warnings.stream().filter(WarningHeaders::isSendable).toList();
    boolean cut = texts.stream().mapToInt(WarningHeaders::length).sum() > TOTAL;
    List<Header> headers = new ArrayList<>(texts.size());
    int written = 0;
    for (String text : texts) {
      if (cut && written >= TOTAL) {
        break;
      }
      String shown = cut && length(text) > EACH ? beginning(text) : text;
      written += length(shown);
      headers.add(new Header("Warning", "299 - \"" + escaped(shown) + '"'));
    }
    return headers;
  }

  private static boolean isSendable(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String beginning(String text) {
    return text.substring(0, text.offsetByCodePoints(0, EACH));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
