package dev.tiphys.http;

import java.util.List;

/// What is agreed on in a handshake, besides certificates.
///
/// @param versions of TLS, as the JDK names them
/// @param ciphers for versions before 1.3, as OpenSSL or the JDK names them; empty for the usual
///   ones
public record TlsTerms(List<String> versions, List<String> ciphers) {

  /// Those that are kept unless something else is said.
  public static final TlsTerms USUAL = new TlsTerms(List.of("TLSv1.3", "TLSv1.2"), List.of());

  public TlsTerms {
    versions = List.copyOf(versions);
    ciphers = List.copyOf(ciphers);
  }
}
