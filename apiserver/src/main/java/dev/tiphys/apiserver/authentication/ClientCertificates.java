package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Client certificates: the common name is the user, the organizations are the user's groups.
///
/// Threads: any.
public final class ClientCertificates implements Authenticator {

  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final int MOST_KNOWN = 1_000;

  private final World world;
  private final Trust trust;
  private final Map<List<X509Certificate>, Known> known = new ConcurrentHashMap<>();

  /// A chain that has been verified.
  private record Known(UserInfo user, Instant until) {}

  /// @param authorities the authorities that are trusted
  public ClientCertificates(World world, List<X509Certificate> authorities) {
    this.world = world;
    this.trust = new Trust(authorities);
  }

  @Override
  public Proof examine(Exchange exchange) {
    return examine(exchange.certificates());
  }

  /// @param chain the client's own certificate first, whose key it proved to have
  Proof examine(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return Proof.NONE;
    }
    try {
      Known found = known.get(chain);
      if (found == null || found.until.isBefore(world.now())) {
        found = verified(chain);
        if (known.size() >= MOST_KNOWN) {
          known.clear();
        }
        known.put(chain, found);
      }
      return new Proof.Of(found.user);
    } catch (GeneralSecurityException e) {
      return Proof.FAILED;
    }
  }

  private Known verified(List<X509Certificate> chain) throws GeneralSecurityException {
    Instant until = trust.verify(chain, world.now());
    X509Certificate certificate = chain.getFirst();
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages != null && !usages.contains(CLIENT_USAGE)) {
      throw new GeneralSecurityException("the certificate is not for clients");
    }
    return new Known(user(certificate), until);
  }

  private static UserInfo user(X509Certificate certificate) throws GeneralSecurityException {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          name = part.getValue().toString();
        } else if (part.getType().equalsIgnoreCase("O")) {
          groups.add(part.getValue().toString());
        }
      }
    } catch (InvalidNameException e) {
      throw new GeneralSecurityException("the certificate's subject can't be read", e);
    }
    if (name.isEmpty()) {
      throw new GeneralSecurityException("the certificate names no user");
    }
    groups.add(UserInfo.AUTHENTICATED);
    return new UserInfo(name, "", groups, Map.of());
  }
}
