package dev.tiphys.http;

import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/// How a server proves its identity, and what it asks of clients.
///
/// @param key the server's private key
/// @param chain the server's certificate, then those of the authorities behind it
/// @param clientAuthorities the authorities whose certificates clients are asked for; empty if they
///   are not asked
/// @param revoked what these authorities have taken back; looked at by handshakes that verify
///   clients
/// @param check what becomes of clients without a certificate of these authorities
/// @param terms what else a handshake must end in
public record TlsSettings(
    PrivateKey key,
    List<X509Certificate> chain,
    List<X509Certificate> clientAuthorities,
    List<X509CRL> revoked,
    ClientCheck check,
    TlsTerms terms) {

  /// When certificates of clients are verified.
  public enum ClientCheck {
    /// By what answers requests, which is told the certificate: so a client without a good one gets
    /// an answer.
    BY_HANDLER,
    /// In the handshake, which fails without a good one.
    IN_HANDSHAKE,
    /// In the handshake, which fails with a bad one. A client may show none.
    IF_SHOWN
  }

  public TlsSettings {
    chain = List.copyOf(chain);
    clientAuthorities = List.copyOf(clientAuthorities);
    revoked = List.copyOf(revoked);
  }

  /// On the usual terms.
  public TlsSettings(
      PrivateKey key,
      List<X509Certificate> chain,
      List<X509Certificate> clientAuthorities,
      ClientCheck check) {
    this(key, chain, clientAuthorities, List.of(), check, TlsTerms.USUAL);
  }

  /// Certificates of clients are verified by what answers requests.
  public TlsSettings(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities) {
    this(key, chain, clientAuthorities, ClientCheck.BY_HANDLER);
  }

  /// The same identity, and this asked of clients.
  public TlsSettings with(List<X509Certificate> authorities, ClientCheck checked) {
    return new TlsSettings(key, chain, authorities, List.of(), checked, terms);
  }
}
