package dev.tiphys.network.router.table;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client said of itself as it began TLS.
///
/// @param name that it asked for (RFC 6066, 3), in lower case; null for none
/// @param chain the certificates that it has proven to own, not verified; empty if it showed none
public record ClientTls(@Nullable String name, List<X509Certificate> chain) {

  public ClientTls {
    chain = List.copyOf(chain);
  }
}
