package dev.tiphys.http;

import java.util.List;

/// What a handshake must end in, besides the server's certificate.
///
/// @param clients what is asked of clients that there are authorities for
/// @param versions of TLS, as the JDK names them
/// @param ciphers for versions before 1.3, as OpenSSL or the JDK names them; empty for the usual
///   ones
public record TlsTerms(Clients clients, List<String> versions, List<String> ciphers) {

  /// What becomes of clients' certificates.
  public enum Clients {
    /// They are asked for, and verifying them is left to the handler of requests.
    LEFT_TO_HANDLER,
    /// One that is shown must be of one of the authorities.
    VERIFIED,
    /// One of one of the authorities must be shown.
    REQUIRED
  }

  /// Those that are kept unless something else is said.
  public static final TlsTerms USUAL =
      new TlsTerms(Clients.LEFT_TO_HANDLER, List.of("TLSv1.3", "TLSv1.2"), List.of());

  public TlsTerms {
    versions = List.copyOf(versions);
    ciphers = List.copyOf(ciphers);
  }
}
