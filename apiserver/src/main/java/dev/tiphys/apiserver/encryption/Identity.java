package dev.tiphys.apiserver.encryption;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// Stores bytes as they are, and tells encrypted ones from them.
final class Identity implements Transformer {

  /// What everything encrypted begins with, and nothing else does.
  private static final byte[] ENCRYPTED = "k8s:enc:".getBytes(US_ASCII);

  @Override
  public byte[] toStorage(byte[] plain, String key) {
    return plain;
  }

  @Override
  public Plain fromStorage(byte[] stored, String key) {
    if (startsWith(stored, ENCRYPTED)) {
      throw new TransformException("identity transformer tried to read encrypted data");
    }
    return new Plain(stored, false);
  }

  static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
