package dev.tiphys.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-GCM with a key of its own for each write: HKDF expands a seed, together with random bytes
/// that are stored in front, to that key. No seed wears out.
///
/// Deriving a key costs two rounds of HMAC, a few microseconds: derived keys are not kept.
///
/// Threads: any.
public final class DerivedKeyGcm implements Transformer {

  /// How long a seed is at least, and each key and the random bytes are.
  public static final int BYTES = 32;

  private final SecretKey seed;
  private final RandomGenerator random;

  /// @param random fit for keys
  /// @throws TransformException if the seed is too short
  public DerivedKeyGcm(byte[] seed, RandomGenerator random) {
    if (seed.length < BYTES) {
      throw new TransformException(
          "invalid seed length " + seed.length + " used for key generation");
    }
    this.seed = new SecretKeySpec(seed, "HKDF");
    this.random = random;
  }

  @Override
  public byte[] toStorage(byte[] plain, String key) {
    byte[] info = new byte[BYTES];
    random.nextBytes(info);
    byte[] made = derived(info).toStorage(plain, key);
    byte[] stored = Arrays.copyOf(info, BYTES + made.length);
    System.arraycopy(made, 0, stored, BYTES, made.length);
    return stored;
  }

  @Override
  public Plain fromStorage(byte[] stored, String key) {
    if (stored.length < BYTES) {
      throw new TransformException(AesGcm.TOO_SHORT);
    }
    return derived(Arrays.copyOf(stored, BYTES))
        .fromStorage(Arrays.copyOfRange(stored, BYTES, stored.length), key);
  }

  private AesGcm derived(byte[] info) {
    try {
      byte[] key =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(HKDFParameterSpec.expandOnly(seed, info, BYTES));
      return new AesGcm(key, random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no HKDF", e);
    }
  }
}
