package dev.tiphys.cel.syntax;

/// The text of an expression, by its characters: positions count code points.
///
/// Threads: any; immutable.
public final class Source {

  private static final int LONGEST_SHOWN = 16384;
  private static final String WIDE_DOT = "\uff0e";
  private static final String WIDE_MARK = "\uff3e";

  private final String text;
  private final int[] characters;

  public Source(String text) {
    this.text = text;
    this.characters = text.codePoints().toArray();
  }

  public String text() {
    return text;
  }

  int length() {
    return characters.length;
  }

  /// The character at a position; -1 behind the end.
  int at(int position) {
    return position < characters.length ? characters[position] : -1;
  }

  String slice(int from, int to) {
    return new String(characters, from, to - from);
  }

  /// A problem as it is shown: its line and column, the line, and a mark below the column.
  public String show(int position, String problem) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < position && i < characters.length; i++) {
      if (characters[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    int end = start;
    while (end < characters.length && characters[end] != '\n') {
      end++;
    }
    int column = position - start;
    String head = "ERROR: <input>:" + line + ":" + (column + 1) + ": " + problem;
    String shown = slice(start, end).replace('\t', ' ');
    if (shown.length() > LONGEST_SHOWN) {
      return head;
    }
    StringBuilder mark = new StringBuilder("\n | ");
    for (int i = start; i < start + column && i < end; i++) {
      mark.append(characters[i] < 0x80 ? "." : WIDE_DOT);
    }
    boolean wide = start + column < end && characters[start + column] >= 0x80;
    return head + "\n | " + shown + mark + (wide ? WIDE_MARK : "^");
  }
}
