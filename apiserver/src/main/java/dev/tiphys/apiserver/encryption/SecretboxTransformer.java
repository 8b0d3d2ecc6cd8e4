package dev.tiphys.apiserver.encryption;

import dev.tiphys.pki.secretbox.Secretbox;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// XSalsa20 and Poly1305 with a nonce so long that a random one never comes twice: no key wears
/// out.
///
/// Threads: any.
final class SecretboxTransformer implements Transformer {

  private final Secretbox box;
  private final RandomGenerator random;

  /// @param random fit for keys
  SecretboxTransformer(byte[] key, RandomGenerator random) {
    this.box = new Secretbox(key);
    this.random = random;
  }

  @Override
  public byte[] toStorage(byte[] plain, String key) {
    byte[] nonce = new byte[Secretbox.NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = box.seal(nonce, plain);
    byte[] out = Arrays.copyOf(nonce, nonce.length + sealed.length);
    System.arraycopy(sealed, 0, out, nonce.length, sealed.length);
    return out;
  }

  @Override
  public Plain fromStorage(byte[] stored, String key) {
    if (stored.length < Secretbox.NONCE_BYTES + Secretbox.TAG_BYTES) {
      throw new TransformException(AesGcm.TOO_SHORT);
    }
    byte[] plain =
        box.open(
            Arrays.copyOf(stored, Secretbox.NONCE_BYTES),
            Arrays.copyOfRange(stored, Secretbox.NONCE_BYTES, stored.length));
    if (plain == null) {
      // upstream's words for a wrong key
      throw new TransformException("output array was not large enough for encryption");
    }
    return new Plain(plain, false);
  }
}
