package dev.tiphys.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// How a server proves its identity, and what it asks of clients.
///
/// @param key the server's private key
/// @param chain the server's certificate, then those of the authorities behind it
/// @param clientAuthorities the authorities whose certificates clients are asked for; empty if they
///   are not asked. Verifying a certificate is up to the handler
public record TlsSettings(
    PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities) {

  public TlsSettings {
    chain = List.copyOf(chain);
    clientAuthorities = List.copyOf(clientAuthorities);
  }
}
