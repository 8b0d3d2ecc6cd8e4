package dev.tiphys.schema.warnings;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/// Whether a private key is that of a certificate.
final class PrivateKeys {

  private static final byte[] PROBE = {1, 2, 3};

  /// The algorithm identifier of RSA keys, in DER.
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private PrivateKeys() {}

  /// What is wrong with the pair; null if nothing is.
  ///
  /// @param type the type of the PEM block that holds the key
  static @Nullable String mismatch(String type, byte[] der, PublicKey certified) {
    try {
      return switch (certified) {
        case RSAPublicKey known -> {
          PrivateKey key = type.startsWith("EC ") ? null : rsa(der, type.startsWith("RSA "));
          if (!(key instanceof RSAPrivateCrtKey own)) {
            yield "private key type does not match public key type";
          }
          yield own.getModulus().equals(known.getModulus())
              ? null
              : "private key does not match public key";
        }
        case ECPublicKey known -> signs(der, type, "EC", "SHA256withECDSA", known);
        case EdECPublicKey known -> signs(der, type, "Ed25519", "Ed25519", known);
        default -> "unknown public key algorithm";
      };
    } catch (GeneralSecurityException e) {
      return "failed to parse private key";
    }
  }

  private static @Nullable String signs(
      byte[] der, String type, String algorithm, String signature, PublicKey known)
      throws GeneralSecurityException {
    if (type.startsWith("RSA ")) {
      return "private key type does not match public key type";
    }
    if (type.startsWith("EC ")) {
      return null; // says nothing of its curve in a form that is read here
    }
    PrivateKey key =
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    Signature signing = Signature.getInstance(signature);
    signing.initSign(key);
    signing.update(PROBE);
    byte[] signed = signing.sign();
    signing.initVerify(known);
    signing.update(PROBE);
    return signing.verify(signed) ? null : "private key does not match public key";
  }

  /// @param bare whether it is in PKCS #1, which PKCS #8 wraps
  private static PrivateKey rsa(byte[] der, boolean bare) throws GeneralSecurityException {
    byte[] wrapped = der;
    if (bare) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      content.writeBytes(new byte[] {2, 1, 0});
      content.writeBytes(RSA);
      content.writeBytes(tagged(4, der));
      wrapped = tagged(0x30, content.toByteArray());
    }
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(wrapped));
  }

  /// A DER value with its tag and length.
  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
