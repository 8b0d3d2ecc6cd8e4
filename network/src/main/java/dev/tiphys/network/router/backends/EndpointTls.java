package dev.tiphys.network.router.backends;

import dev.tiphys.http.Authorities;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How connections to endpoints are secured.
///
/// @param name the one that endpoints are asked for (SNI); empty for none
/// @param trust whose certificates are taken; null for any, as nginx does
/// @param identity what is shown to endpoints that ask for a certificate; null for nothing
public record EndpointTls(String name, @Nullable Trust trust, @Nullable Identity identity) {

  /// A key, and its certificate with those of the authorities behind it.
  public record Identity(PrivateKey key, List<X509Certificate> chain) {
    public Identity {
      chain = List.copyOf(chain);
    }
  }

  /// Whose certificates are taken.
  ///
  /// @param authorities those behind a certificate; null for those that are known to this machine
  /// @param hosts one of which a certificate must be for, `*.domain` for any name below a domain;
  ///   with no `uris` either it must be for the name that is asked for
  /// @param uris that a certificate may be for instead
  public record Trust(@Nullable Authorities authorities, List<String> hosts, List<String> uris) {
    public Trust {
      hosts = List.copyOf(hosts);
      uris = List.copyOf(uris);
    }
  }

  /// Without a certificate of our own.
  public EndpointTls(String name, @Nullable Trust trust) {
    this(name, trust, null);
  }

  /// Endpoints' certificates are not verified.
  public EndpointTls(String name) {
    this(name, null);
  }
}
