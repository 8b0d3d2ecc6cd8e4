package dev.tiphys.pki.secretbox;

import java.security.MessageDigest;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/// Encrypts with XSalsa20 and authenticates with Poly1305, as NaCl's `secretbox` does.
///
/// Threads: any.
public final class Secretbox {

  public static final int KEY_BYTES = 32;
  public static final int NONCE_BYTES = 24;

  /// How much longer a sealed text is.
  public static final int TAG_BYTES = 16;

  private final byte[] key;

  /// @param key of [#KEY_BYTES]
  public Secretbox(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    this.key = key.clone();
  }

  /// The tag, and the text encrypted.
  ///
  /// @param nonce of [#NONCE_BYTES], never used before with this key
  public byte[] seal(byte[] nonce, byte[] text) {
    byte[] sealed = new byte[TAG_BYTES + text.length];
    XSalsa20Engine cipher = cipher(nonce);
    KeyParameter once = onceKey(cipher);
    cipher.processBytes(text, 0, text.length, sealed, TAG_BYTES);
    byte[] tag = tag(once, sealed, TAG_BYTES, text.length);
    System.arraycopy(tag, 0, sealed, 0, TAG_BYTES);
    return sealed;
  }

  /// The text of what was sealed, or null if it was not sealed with this key and nonce, or is not
  /// what it was.
  public byte @Nullable [] open(byte[] nonce, byte[] sealed) {
    int length = sealed.length - TAG_BYTES;
    if (length < 0) {
      return null;
    }
    XSalsa20Engine cipher = cipher(nonce);
    byte[] tag = tag(onceKey(cipher), sealed, TAG_BYTES, length);
    byte[] given = new byte[TAG_BYTES];
    System.arraycopy(sealed, 0, given, 0, TAG_BYTES);
    if (!MessageDigest.isEqual(tag, given)) {
      return null;
    }
    byte[] text = new byte[length];
    cipher.processBytes(sealed, TAG_BYTES, length, text, 0);
    return text;
  }

  private XSalsa20Engine cipher(byte[] nonce) {
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    return cipher;
  }

  /// The key of the tag: the beginning of the stream of bytes, which no text is encrypted with.
  private static KeyParameter onceKey(XSalsa20Engine cipher) {
    byte[] beginning = new byte[KEY_BYTES];
    cipher.processBytes(beginning, 0, KEY_BYTES, beginning, 0);
    return new KeyParameter(beginning);
  }

  private static byte[] tag(KeyParameter once, byte[] sealed, int from, int length) {
    Poly1305 mac = new Poly1305();
    mac.init(once);
    mac.update(sealed, from, length);
    byte[] tag = new byte[TAG_BYTES];
    mac.doFinal(tag, 0);
    return tag;
  }
}
