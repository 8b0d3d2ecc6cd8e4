package dev.tiphys.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/// The kinds of keys.
public enum KeyType {
  /// ECDSA on the curve P-256: small, and made in a millisecond.
  EC,
  /// RSA of 2048 bits: takes a while to make, but every client library can read it.
  RSA;

  private static final int RSA_BITS = 2048;

  /// A new key.
  public KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(name());
      switch (this) {
        case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        case RSA -> generator.initialize(RSA_BITS);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no keys of " + this, e);
    }
  }
}
