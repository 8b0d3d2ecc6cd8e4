package dev.tiphys.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key, and the certificates that say whose it is.
///
/// @param key the key
/// @param chain the owner's certificate first, then those that vouch for it
public record Credential(PrivateKey key, List<X509Certificate> chain) {

  public Credential {
    chain = List.copyOf(chain);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }
}
