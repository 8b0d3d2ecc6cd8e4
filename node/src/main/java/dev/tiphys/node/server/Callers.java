package dev.tiphys.node.server;

import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Who may use the agent's server: those whom the cluster's authority vouches for as its masters,
/// the API server above all. Whoever else wants something of a container asks the API server.
///
/// @param authorities whose certificates count
record Callers(World world, List<X509Certificate> authorities) {

  private static final String MASTERS = "system:masters";

  Callers {
    authorities = List.copyOf(authorities);
  }

  /// @param chain the caller's certificate first; its key was proved to be his
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
