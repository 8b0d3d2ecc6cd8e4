package dev.tiphys.network.router.filters;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// bcrypt: Blowfish with a key schedule that takes long (Provos and Mazières, 1999).
final class Bcrypt {

  private static final String ALPHABET =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final byte[] TEXT = "OrpheanBeholderScryDoubt".getBytes(StandardCharsets.US_ASCII);
  private static final int ROUNDS = 16;
  private static final int SUBKEYS = ROUNDS + 2;
  private static final int BOXES = 4 * 256;
  private static final int SALT = 16;
  private static final int LONGEST_COST = 20;

  /// Blowfish begins with the fraction of pi.
  private static final int[] PI = fractionOfPi(SUBKEYS + BOXES);

  private final int[] subkeys = Arrays.copyOf(PI, SUBKEYS);
  private final int[] boxes = Arrays.copyOfRange(PI, SUBKEYS, PI.length);
  private int left;
  private int right;

  private Bcrypt() {}

  /// @param check as `$2y$10$` with 22 characters of salt and 31 of the result
  /// @throws IllegalArgumentException if it is none, or takes longer than any that is in use
  static boolean fits(byte[] password, String check) {
    if (!check.matches("\\$2[abxy]?\\$\\d\\d\\$[./A-Za-z0-9]{53}")) {
      throw new IllegalArgumentException("not of bcrypt");
    }
    int begin = check.indexOf('$', 1) + 1;
    int cost = Integer.parseInt(check.substring(begin, begin + 2));
    if (cost < 4 || cost > LONGEST_COST) {
      throw new IllegalArgumentException("a cost of " + cost);
    }
    byte[] salt = Arrays.copyOf(decoded(check.substring(begin + 3, begin + 25)), SALT);
    byte[] kept = decoded(check.substring(begin + 25));
    byte[] computed = new Bcrypt().hash(Arrays.copyOf(password, password.length + 1), salt, cost);
    return MessageDigest.isEqual(Arrays.copyOf(kept, 23), Arrays.copyOf(computed, 23));
  }

  private byte[] hash(byte[] key, byte[] salt, int cost) {
    mix(key, salt);
    for (long i = 0; i < 1L << cost; i++) {
      mix(key, new byte[SALT]);
      mix(salt, new byte[SALT]);
    }
    byte[] hash = TEXT.clone();
    for (int at = 0; at < hash.length; at += 8) {
      left = word(hash, at);
      right = word(hash, at + 4);
      for (int i = 0; i < 64; i++) {
        encipher();
      }
      write(hash, at, left);
      write(hash, at + 4, right);
    }
    return hash;
  }

  /// Goes on with the key schedule.
  private void mix(byte[] key, byte[] salt) {
    for (int i = 0; i < SUBKEYS; i++) {
      subkeys[i] ^= word(key, 4 * i);
    }
    left = 0;
    right = 0;
    int at = 0;
    for (int[] each : new int[][] {subkeys, boxes}) {
      for (int i = 0; i < each.length; i += 2) {
        left ^= word(salt, at);
        right ^= word(salt, at + 4);
        at = (at + 8) % SALT;
        encipher();
        each[i] = left;
        each[i + 1] = right;
      }
    }
  }

  private void encipher() {
    int l = left;
    int r = right;
    for (int i = 0; i < ROUNDS; i += 2) {
      l ^= subkeys[i];
      r ^= spread(l);
      r ^= subkeys[i + 1];
      l ^= spread(r);
    }
    left = r ^ subkeys[ROUNDS + 1];
    right = l ^ subkeys[ROUNDS];
  }

  private int spread(int x) {
    int sum = boxes[x >>> 24] + boxes[256 + (x >>> 16 & 0xff)];
    return (sum ^ boxes[512 + (x >>> 8 & 0xff)]) + boxes[768 + (x & 0xff)];
  }

  /// Four bytes, of what is read around and around.
  private static int word(byte[] bytes, int at) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word = word << 8 | bytes[(at + i) % bytes.length] & 0xff;
    }
    return word;
  }

  private static void write(byte[] bytes, int at, int word) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (word >>> 24 - 8 * i);
    }
  }

  /// bcrypt's own base 64.
  private static byte[] decoded(String text) {
    byte[] bytes = new byte[text.length() * 6 / 8];
    int bits = 0;
    int count = 0;
    int at = 0;
    for (char each : text.toCharArray()) {
      bits = bits << 6 | ALPHABET.indexOf(each);
      count += 6;
      if (count >= 8 && at < bytes.length) {
        count -= 8;
        bytes[at++] = (byte) (bits >>> count);
      }
    }
    return bytes;
  }

  /// The first words behind the point of pi, by Machin's formula: 16 arctan(1/5) - 4 arctan(1/239).
  private static int[] fractionOfPi(int words) {
    int guard = 64;
    BigInteger one = BigInteger.ONE.shiftLeft(32 * words + guard);
    BigInteger pi =
        arctan(one, 5).shiftLeft(4).subtract(arctan(one, 239).shiftLeft(2)).shiftRight(guard);
    int[] fraction = new int[words];
    for (int i = 0; i < words; i++) {
      fraction[i] = pi.shiftRight(32 * (words - 1 - i)).intValue();
    }
    return fraction;
  }

  private static BigInteger arctan(BigInteger one, int inverse) {
    BigInteger square = BigInteger.valueOf((long) inverse * inverse);
    BigInteger power = one.divide(BigInteger.valueOf(inverse));
    BigInteger sum = power;
    for (int n = 3; power.signum() != 0; n += 2) {
      power = power.divide(square).negate();
      sum = sum.add(power.divide(BigInteger.valueOf(n)));
    }
    return sum;
  }
}
