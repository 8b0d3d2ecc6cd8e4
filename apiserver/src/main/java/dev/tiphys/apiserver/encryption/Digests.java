package dev.tiphys.apiserver.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// How what must not be shown itself is told apart.
public final class Digests {

  private Digests() {}

  /// `sha256:` and the digest; empty for nothing.
  public static String of(String text) {
    return text.isEmpty() ? "" : of(text.getBytes(UTF_8));
  }

  /// `sha256:` and the digest.
  public static String of(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }
}
