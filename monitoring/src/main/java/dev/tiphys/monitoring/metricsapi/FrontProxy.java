package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.http.Exchange;
import dev.tiphys.pki.ClientName;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// The API servers, which let in only requests of users that may send them. A client proves to be
/// one with its certificate. See
/// <https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/>.
///
/// @param authorities that vouch for API servers as clients
/// @param names that their certificates have
public record FrontProxy(World world, List<X509Certificate> authorities, Set<String> names) {

  public FrontProxy {
    authorities = List.copyOf(authorities);
    names = Set.copyOf(names);
  }

  /// Whether a request comes from one of them.
  public boolean sent(Exchange exchange) {
    List<X509Certificate> chain = exchange.certificates();
    if (chain.isEmpty()) {
      return false;
    }
    try {
      new Trust(authorities).verify(chain, world.now());
      return names.contains(ClientName.of(chain.getFirst()).name());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
