package dev.tiphys.template.sprig;

import dev.tiphys.template.function.Call;

/// Long lines broken at spaces.
final class Wrapping {

  private Wrapping() {}

  /// The last argument in lines of as many bytes as the first one tells.
  ///
  /// @param at which argument is the text
  /// @param breakWords whether words that are longer than a line are broken
  static String wrap(Call call, int at, String mark, boolean breakWords) {
    String text = call.text(at);
    int length = Math.clamp(call.whole(0), 1, Integer.MAX_VALUE);
    String newLine = mark.isEmpty() ? "\n" : mark;
    call.budget().bytes(text.length() * (1L + newLine.length() / length));
    StringBuilder out = new StringBuilder(text.length());
    int offset = 0;
    while (text.length() - offset > length) {
      if (text.charAt(offset) == ' ') {
        offset++;
        continue;
      }
      int space = text.lastIndexOf(' ', offset + length);
      if (space >= offset) {
        line(call, out.append(text, offset, space), newLine);
        offset = space + 1;
      } else if (breakWords) {
        line(call, out.append(text, offset, offset + length), newLine);
        offset += length;
      } else {
        int end = text.indexOf(' ', offset + length);
        if (end < 0) {
          break;
        }
        line(call, out.append(text, offset, end), newLine);
        offset = end + 1;
      }
    }
    return out.append(text, offset, text.length()).toString();
  }

  private static void line(Call call, StringBuilder out, String newLine) {
    call.budget().bytes(newLine.length());
    out.append(newLine);
  }
}
