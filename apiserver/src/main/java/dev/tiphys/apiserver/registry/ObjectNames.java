package dev.tiphys.apiserver.registry;

import java.util.random.RandomGenerator;

/// Names and uids that the server gives.
public final class ObjectNames {

  /// Letters and digits that make no words and are not mistaken for one another.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX = 5;
  private static final int LONGEST_BASE = 63 - SUFFIX;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private ObjectNames() {}

  /// A name that starts with `base` and ends with five letters drawn by chance.
  public static String generate(String base, RandomGenerator random) {
    StringBuilder name = new StringBuilder(LONGEST_BASE + SUFFIX);
    name.append(base, 0, Math.min(base.length(), LONGEST_BASE));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }

  /// A version 4 UUID (RFC 9562).
  public static String uid(RandomGenerator random) {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & ~(3L << 62) | 2L << 62;
    char[] text = new char[36];
    int at = 0;
    for (int i = 0; i < 32; i++) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        text[at++] = '-';
      }
      long half = i < 16 ? high : low;
      text[at++] = HEX[(int) (half >>> (60 - 4 * (i % 16))) & 0xf];
    }
    return new String(text);
  }
}
