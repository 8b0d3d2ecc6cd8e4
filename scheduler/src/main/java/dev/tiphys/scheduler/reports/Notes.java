package dev.tiphys.scheduler.reports;

import java.nio.charset.StandardCharsets;

/// What Events say in words.
final class Notes {

  private static final int LONGEST = 1_024; // bytes
  private static final String CUT = " ...";

  private Notes() {}

  /// A note that is not too long; what is cut off is told by dots.
  static String cut(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST) {
      return note;
    }
    int end = LONGEST - CUT.length();
    while ((bytes[end] & 0xC0) == 0x80) { // in the middle of a character
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
