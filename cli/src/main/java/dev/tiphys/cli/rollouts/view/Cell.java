package dev.tiphys.cli.rollouts.view;

/// A text, and what it looks like where there are colours.
///
/// @param plain as wide as it is on a screen
record Cell(String plain, String colored) {

  static Cell of(String text) {
    return new Cell(text, text);
  }

  /// A sign or tag in its colour.
  static Cell tag(String text) {
    return new Cell(text, Icons.colored(text, text));
  }

  /// A text in the colour of a tag or state.
  static Cell like(String text, String tag) {
    return new Cell(text, Icons.colored(text, tag));
  }

  Cell then(String text) {
    return then(of(text));
  }

  Cell then(Cell next) {
    return new Cell(plain + next.plain, colored + next.colored);
  }

  int width() {
    return plain.codePointCount(0, plain.length());
  }

  String text(boolean inColors) {
    return inColors ? colored : plain;
  }
}
