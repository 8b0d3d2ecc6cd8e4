package dev.tiphys.node.server;

import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Which clients may use the agent's server: those with a certificate of the cluster's masters, the
/// API server above all. All others ask the API server for what they want of a container.
///
/// @param authorities whose certificates count
record Callers(World world, List<X509Certificate> authorities) {

  private static final String MASTERS = "system:masters";

  Callers {
    authorities = List.copyOf(authorities);
  }

  /// @param chain the caller's certificate first; TLS has proved that it has the key
  boolean mayAsk(List<X509Certificate> chain) {
    return !chain.isEmpty()
        && authorities.stream().anyMatch(authority -> isSignedBy(chain.getFirst(), authority))
        && isMaster(chain.getFirst());
  }

  private boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      certificate.checkValidity(Date.from(world.now()));
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isMaster(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .anyMatch(
                  part -> part.getType().equalsIgnoreCase("O") && part.getValue().equals(MASTERS));
    } catch (InvalidNameException e) {
      return false;
    }
  }
}
