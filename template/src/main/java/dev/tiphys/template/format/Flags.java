package dev.tiphys.template.format;

/// What stands between the percent sign and the verb.
final class Flags {
  boolean plus;
  boolean minus;
  boolean sharp;
  boolean space;
  boolean zero;

  /// `%+v`: fields with their names.
  boolean plusV;

  /// `%#v`: values as Go's source has them.
  boolean sharpV;

  int width = -1;
  int precision = -1;

  String pad(String text, int length) {
    if (width <= length) {
      return text;
    }
    String fill = (zero && !minus ? "0" : " ").repeat(width - length);
    return minus ? text + fill : fill + text;
  }
}
