package dev.tiphys.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// How a server proves its identity, and what it asks of clients.
///
/// @param key the server's private key
/// @param chain the server's certificate, then those of the authorities behind it
/// @param clientAuthorities the authorities whose certificates clients are asked for; empty if they
///   are not asked
/// @param terms what else a handshake must end in
public record TlsSettings(
    PrivateKey key,
    List<X509Certificate> chain,
    List<X509Certificate> clientAuthorities,
    TlsTerms terms) {

  public TlsSettings {
    chain = List.copyOf(chain);
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /// On the usual terms: verifying a client's certificate is up to the handler.
  public TlsSettings(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities) {
    this(key, chain, clientAuthorities, TlsTerms.USUAL);
  }
}
