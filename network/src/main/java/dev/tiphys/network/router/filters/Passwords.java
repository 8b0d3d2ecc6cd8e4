package dev.tiphys.network.router.filters;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;

/// Names and what their passwords are checked by, as htpasswd writes it: `$apr1$` and `$1$` (MD5),
/// `$2y$` (bcrypt), `$5$` and `$6$` (SHA-2), `{SHA}` and `{SSHA}` (RFC 2307), and crypt(3)'s old
/// form.
///
/// @param byName what is checked by, for each name
public record Passwords(Map<String, String> byName) {

  public Passwords {
    byName = Map.copyOf(byName);
  }

  /// Reads a file of htpasswd: a line each, name and check separated by a colon.
  public static Passwords ofFile(String text) {
    Map<String, String> read = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String each = line.strip();
      int colon = each.indexOf(':');
      if (colon > 0 && each.charAt(0) != '#') {
        int end = each.indexOf(':', colon + 1); // what follows is a comment
        read.putIfAbsent(
            each.substring(0, colon), each.substring(colon + 1, end < 0 ? each.length() : end));
      }
    }
    return new Passwords(read);
  }

  /// Whether that is the password of that name. Takes long, and so for names that there are not.
  public boolean fit(String name, String password) {
    String check = byName.get(name);
    if (check == null) {
      return false;
    }
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    try {
      if (check.startsWith("{SHA}")) {
        return same(check.substring(5), Base64.getEncoder().encodeToString(sha1(bytes)));
      }
      if (check.startsWith("{SSHA}")) {
        byte[] kept = Base64.getDecoder().decode(check.substring(6));
        byte[] salt = Arrays.copyOfRange(kept, Math.min(20, kept.length), kept.length);
        byte[] salted = Arrays.copyOf(bytes, bytes.length + salt.length);
        System.arraycopy(salt, 0, salted, bytes.length, salt.length);
        return MessageDigest.isEqual(Arrays.copyOf(kept, Math.min(20, kept.length)), sha1(salted));
      }
      if (check.startsWith("$2")) {
        return Bcrypt.fits(bytes, check);
      }
      return same(
          check,
          check.startsWith("$apr1$")
              ? Md5Crypt.apr1Crypt(bytes, check)
              : Crypt.crypt(bytes, check));
    } catch (IllegalArgumentException e) {
      return false; // what is checked by is none of these forms
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean same(String kept, String computed) {
    return MessageDigest.isEqual(
        kept.getBytes(StandardCharsets.UTF_8), computed.getBytes(StandardCharsets.UTF_8));
  }
}
