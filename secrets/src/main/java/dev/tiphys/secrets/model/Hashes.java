package dev.tiphys.secrets.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Texts that stand for contents.
public final class Hashes {

  private static final int LONGEST_MANAGER = 63;

  private Hashes() {}

  /// SHA3-224 of a text, in hexadecimal digits.
  public static String sha3(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// As [#sha3(String)], of values by their keys.
  public static String sha3(Map<String, byte[]> values) {
    MessageDigest digest = digest();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              byte[] name = key.getBytes(StandardCharsets.UTF_8);
              digest.update(
                  (name.length + ":" + value.length + ":").getBytes(StandardCharsets.UTF_8));
              digest.update(name);
              digest.update(value);
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /// A name that is no longer than one of a manager of fields may be.
  static String limited(String prefix, String name) {
    String whole = prefix + name;
    return whole.length() <= LONGEST_MANAGER ? whole : sha3(whole);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA3-224");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
