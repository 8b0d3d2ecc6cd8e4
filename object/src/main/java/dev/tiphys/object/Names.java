package dev.tiphys.object;

import java.util.Arrays;

/// One instance for what is said again and again: field names, the name arrays of structs of one
/// shape, and short values such as "True" or "IfNotPresent".
///
/// The tables are bounded and forgetful: each place holds one candidate and the newest wins, so a
/// miss costs memory, never correctness.
///
/// Threads: any; races lose a candidate at worst.
final class Names {

  private static final int LONGEST = 40;
  private static final String[] STRINGS = new String[1 << 13];
  private static final String[][] SHAPES = new String[1 << 12][];

  private Names() {}

  /// A string equal to `text`, shared if it is short.
  static String shared(String text) {
    if (text.length() > LONGEST) {
      return text;
    }
    int place = spread(text.hashCode()) & (STRINGS.length - 1);
    String known = STRINGS[place];
    if (text.equals(known)) {
      return known;
    }
    STRINGS[place] = text;
    return text;
  }

  /// An array equal to the first `count` of `names`.
  static String[] shape(String[] names, int count) {
    int hash = count;
    for (int i = 0; i < count; i++) {
      hash = 31 * hash + names[i].hashCode();
    }
    int place = spread(hash) & (SHAPES.length - 1);
    String[] known = SHAPES[place];
    if (known != null && Arrays.equals(known, 0, known.length, names, 0, count)) {
      return known;
    }
    String[] made = Arrays.copyOf(names, count);
    SHAPES[place] = made;
    return made;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }
}
