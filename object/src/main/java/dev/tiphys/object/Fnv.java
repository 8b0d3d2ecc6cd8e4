package dev.tiphys.object;

/// The hash FNV-1a of 32 bits, and short texts that are made of it.
public final class Fnv {

  /// The hash of nothing.
  public static final int EMPTY = 0x811c9dc5;

  private static final int PRIME = 0x01000193;
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private Fnv() {}

  /// @param bytes what follows on what has this hash
  public static int mixed(int hash, byte[] bytes) {
    int mixed = hash;
    for (byte b : bytes) {
      mixed = (mixed ^ (b & 0xff)) * PRIME;
    }
    return mixed;
  }

  /// @param number what follows, its lowest byte first
  public static int mixed(int hash, long number) {
    int mixed = hash;
    for (int i = 0; i < Long.BYTES; i++) {
      mixed = (mixed ^ (int) (number >>> (Byte.SIZE * i) & 0xff)) * PRIME;
    }
    return mixed;
  }

  /// A hash as a text that is fit to be part of a name: without vowels and look-alikes, so that no
  /// word comes of it.
  public static String name(int hash) {
    String digits = Integer.toUnsignedString(hash);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      text.append(ALPHABET.charAt(digits.charAt(i) % ALPHABET.length()));
    }
    return text.toString();
  }
}
