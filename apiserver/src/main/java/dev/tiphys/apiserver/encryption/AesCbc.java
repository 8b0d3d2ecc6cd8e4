package dev.tiphys.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES in cipher block chaining mode with PKCS #7 padding. Nothing tells whether the bytes were
/// tampered with.
///
/// Threads: any.
final class AesCbc implements Transformer {

  private static final int BLOCK = 16;

  private final SecretKey key;
  private final RandomGenerator random;

  /// @param random fit for keys
  AesCbc(byte[] key, RandomGenerator random) {
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  @Override
  public byte[] toStorage(byte[] plain, String storedAt) {
    byte[] start = new byte[BLOCK];
    random.nextBytes(start);
    int padding = BLOCK - plain.length % BLOCK;
    byte[] padded = Arrays.copyOf(plain, plain.length + padding);
    Arrays.fill(padded, plain.length, padded.length, (byte) padding);
    byte[] out = Arrays.copyOf(start, BLOCK + padded.length);
    try {
      cipher(Cipher.ENCRYPT_MODE, start).doFinal(padded, 0, padded.length, out, BLOCK);
      return out;
    } catch (GeneralSecurityException e) {
      throw new TransformException("failed to encrypt with AES-CBC: " + e.getMessage(), e);
    }
  }

  @Override
  public Plain fromStorage(byte[] stored, String storedAt) {
    if (stored.length < BLOCK) {
      throw new TransformException(AesGcm.TOO_SHORT);
    }
    if (stored.length % BLOCK != 0) {
      throw new TransformException("the stored data is not a multiple of the block size");
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(stored, BLOCK));
      return new Plain(unpadded(cipher.doFinal(stored, BLOCK, stored.length - BLOCK)), false);
    } catch (GeneralSecurityException e) {
      throw new TransformException("failed to decrypt with AES-CBC: " + e.getMessage(), e);
    }
  }

  private static byte[] unpadded(byte[] padded) {
    int padding = padded.length == 0 ? 0 : padded[padded.length - 1] & 0xff;
    if (padding == 0 || padding > padded.length) {
      throw new TransformException("invalid PKCS7 data (empty or not padded)");
    }
    int length = padded.length - padding;
    for (int i = length; i < padded.length; i++) {
      if ((padded[i] & 0xff) != padding) {
        throw new TransformException("invalid padding on input");
      }
    }
    return Arrays.copyOf(padded, length);
  }

  private Cipher cipher(int mode, byte[] start) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(mode, key, new IvParameterSpec(start));
    return cipher;
  }
}
