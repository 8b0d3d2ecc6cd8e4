package dev.tiphys.template.sprig.crypto;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.value.Utf8;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/// Passwords that follow from a master password, a user and a site (the Master Password algorithm).
final class Passwords {

  private static final String SEED = "com.lyndir.masterpassword";

  /// What passwords of each kind are made of, each letter a set of characters.
  private static final Map<String, List<String>> KINDS =
      Map.of(
          "maximum", List.of("anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"),
          "long",
              List.of(
                  "CvcvnoCvcvCvcv",
                  "CvcvCvcvnoCvcv",
                  "CvcvCvcvCvcvno",
                  "CvccnoCvcvCvcv",
                  "CvccCvcvnoCvcv",
                  "CvccCvcvCvcvno",
                  "CvcvnoCvccCvcv",
                  "CvcvCvccnoCvcv",
                  "CvcvCvccCvcvno",
                  "CvcvnoCvcvCvcc",
                  "CvcvCvcvnoCvcc",
                  "CvcvCvcvCvccno",
                  "CvccnoCvccCvcv",
                  "CvccCvccnoCvcv",
                  "CvccCvccCvcvno",
                  "CvcvnoCvccCvcc",
                  "CvcvCvccnoCvcc",
                  "CvcvCvccCvccno",
                  "CvccnoCvcvCvcc",
                  "CvccCvcvnoCvcc",
                  "CvccCvcvCvccno"),
          "medium", List.of("CvcnoCvc", "CvcCvcno"),
          "short", List.of("Cvcn"),
          "basic", List.of("aaanaaan", "aannaaan", "aaannaaa"),
          "pin", List.of("nnnn"));

  private static final Map<Character, String> SETS =
      Map.of(
          'V', "AEIOU",
          'C', "BCDFGHJKLMNPQRSTVWXYZ",
          'v', "aeiou",
          'c', "bcdfghjklmnpqrstvwxyz",
          'A', "AEIOUBCDFGHJKLMNPQRSTVWXYZ",
          'a', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
          'n', "0123456789",
          'o', "@&%?,=[]_:-+*$#!'^~;()/.",
          'x', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()");

  private Passwords() {}

  static String derive(Call call) {
    List<String> kinds = KINDS.get(call.text(1));
    if (kinds == null) {
      return "cannot find password template " + call.text(1);
    }
    call.budget().steps(Digests.SLOW_HASH);
    byte[] salt = named(call.text(3), 0).array();
    byte[] key = SCrypt.generate(Utf8.bytes(call.text(2)), salt, 32768, 8, 2, 64);
    byte[] site = named(call.text(4), Integer.BYTES).putInt((int) call.whole(0)).array();
    byte[] seed = authenticated(key, site);
    String kind = kinds.get((seed[0] & 0xff) % kinds.size());
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < kind.length(); i++) {
      String set = SETS.getOrDefault(kind.charAt(i), "");
      password.append(set.charAt((seed[i + 1] & 0xff) % set.length()));
    }
    return password.toString();
  }

  private static ByteBuffer named(String name, int room) {
    return ByteBuffer.allocate(SEED.length() + Integer.BYTES + name.length() + room)
        .put(Utf8.bytes(SEED))
        .putInt(name.length())
        .put(Utf8.bytes(name));
  }

  private static byte[] authenticated(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no HMAC", e);
    }
  }
}
