package dev.tiphys.apiserver.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES in Galois counter mode with a random nonce, bound to the key under which it is stored. One
/// key is not fit for more than 2³² writes.
///
/// Threads: any.
public final class AesGcm implements Transformer {

  static final String TOO_SHORT = "the stored data was shorter than the required size";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final RandomGenerator random;

  /// @param random fit for keys
  public AesGcm(byte[] key, RandomGenerator random) {
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  @Override
  public byte[] toStorage(byte[] plain, String storedAt) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + plain.length + TAG_BITS / Byte.SIZE);
    try {
      cipher(Cipher.ENCRYPT_MODE, nonce, storedAt)
          .doFinal(plain, 0, plain.length, out, NONCE_BYTES);
      return out;
    } catch (GeneralSecurityException e) {
      throw new TransformException("failed to encrypt with AES-GCM: " + e.getMessage(), e);
    }
  }

  @Override
  public Plain fromStorage(byte[] stored, String storedAt) {
    if (stored.length < NONCE_BYTES) {
      throw new TransformException(TOO_SHORT);
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(stored, NONCE_BYTES), storedAt);
      return new Plain(cipher.doFinal(stored, NONCE_BYTES, stored.length - NONCE_BYTES), false);
    } catch (AEADBadTagException e) {
      throw new TransformException("cipher: message authentication failed", e);
    } catch (GeneralSecurityException e) {
      throw new TransformException("failed to decrypt with AES-GCM: " + e.getMessage(), e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String storedAt) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(storedAt.getBytes(UTF_8));
    return cipher;
  }
}
