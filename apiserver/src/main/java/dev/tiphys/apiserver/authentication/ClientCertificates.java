package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Client certificates: the common name is the user, the organizations are his groups.
///
/// Threads: any.
public final class ClientCertificates implements Authenticator {

  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final int MOST_KNOWN = 1_000;

  private final World world;
  private final List<X509Certificate> authorities;
  private final Map<X509Certificate, UserInfo> known = new ConcurrentHashMap<>();

  /// @param authorities whose word counts
  public ClientCertificates(World world, List<X509Certificate> authorities) {
    this.world = world;
    this.authorities = List.copyOf(authorities);
  }

  @Override
  public Proof examine(Exchange exchange) {
    List<X509Certificate> chain = exchange.certificates();
    if (chain.isEmpty()) {
      return Proof.NONE;
    }
    X509Certificate certificate = chain.getFirst();
    try {
      certificate.checkValidity(Date.from(world.now()));
      UserInfo user = known.get(certificate);
      if (user == null) {
        user = verified(certificate, chain);
        if (known.size() >= MOST_KNOWN) {
          known.clear();
        }
        known.put(certificate, user);
      }
      return new Proof.Of(user);
    } catch (GeneralSecurityException e) {
      return Proof.FAILED;
    }
  }

  private UserInfo verified(X509Certificate certificate, List<X509Certificate> chain)
      throws GeneralSecurityException {
    if (!isVouchedFor(certificate, chain, 0)) {
      throw new GeneralSecurityException("nobody vouches for the certificate");
    }
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages != null && !usages.contains(CLIENT_USAGE)) {
      throw new GeneralSecurityException("the certificate is not for clients");
    }
    return user(certificate);
  }

  private boolean isVouchedFor(X509Certificate certificate, List<X509Certificate> chain, int depth)
      throws GeneralSecurityException {
    for (X509Certificate authority : authorities) {
      if (isSignedBy(certificate, authority)) {
        authority.checkValidity(Date.from(world.now()));
        return true;
      }
    }
    int next = depth + 1;
    return next < chain.size()
        && chain.get(next).getBasicConstraints() >= 0
        && isSignedBy(certificate, chain.get(next))
        && isVouchedFor(chain.get(next), chain, next);
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
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
      throw new GeneralSecurityException("the certificate names nobody");
    }
    groups.add(UserInfo.AUTHENTICATED);
    return new UserInfo(name, "", groups, Map.of());
  }
}
