package dev.tiphys.network.ingress;

import dev.tiphys.network.router.table.Filter;
import java.security.cert.X509Certificate;
import java.util.List;

/// How the certificates of the clients of a host are looked at.
///
/// @param filters look at all requests of the host, before anything else does
/// @param authorities whose certificates clients are asked for; empty if they are not asked
record ClientCheck(List<Filter> filters, List<X509Certificate> authorities) {

  /// Clients are asked for none.
  static final ClientCheck NONE = new ClientCheck(List.of(), List.of());

  ClientCheck {
    filters = List.copyOf(filters);
    authorities = List.copyOf(authorities);
  }
}
