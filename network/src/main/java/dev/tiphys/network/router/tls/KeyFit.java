package dev.tiphys.network.router.tls;

import dev.tiphys.http.TlsSettings;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/// Whether a key is the one that a certificate is about.
final class KeyFit {

  private static final byte[] TEXT = {1, 2, 3};

  private KeyFit() {}

  /// @throws IllegalArgumentException if it is not
  static void check(TlsSettings settings) {
    boolean fits;
    try {
      Signature signature = Signature.getInstance(algorithm(settings.key()));
      signature.initSign(settings.key());
      signature.update(TEXT);
      byte[] signed = signature.sign();
      signature.initVerify(settings.chain().getFirst());
      signature.update(TEXT);
      fits = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key is not that of the certificate", e);
    }
    if (!fits) {
      throw new IllegalArgumentException("the key is not that of the certificate");
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm(); // those of Edwards curves have the names of their signatures
    };
  }
}
