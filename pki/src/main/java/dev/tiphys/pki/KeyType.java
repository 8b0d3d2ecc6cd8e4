package dev.tiphys.pki;

/// The kinds of keys.
public enum KeyType {
  /// ECDSA on the curve P-256: small, and made in a millisecond.
  EC,
  /// RSA of 2048 bits: takes a while to make, but every client library can read it.
  RSA
}
