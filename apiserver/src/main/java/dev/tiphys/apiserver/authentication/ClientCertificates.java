package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Client certificates: the common name is the user, the organizations are the user's groups, and
/// an attribute of the subject that Kubernetes has a number for is the user's uid.
///
/// Threads: any.
public final class ClientCertificates implements Authenticator {

  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final String UID = "1.3.6.1.4.1.57683.2";
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

  /// The common name of a certificate's subject; null if it has none.
  static @Nullable String commonName(X509Certificate certificate) {
    try {
      return user(certificate).name();
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static UserInfo user(X509Certificate certificate) throws GeneralSecurityException {
    String name = "";
    String uid = "";
    List<String> groups = new ArrayList<>();
    try {
      String subject =
          certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, Map.of(UID, "UID"));
      for (Rdn part : new LdapName(subject).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          name = part.getValue().toString();
        } else if (part.getType().equalsIgnoreCase("O")) {
          groups.add(part.getValue().toString());
        } else if (part.getType().equals("UID")) {
          if (!uid.isEmpty()) {
            throw new GeneralSecurityException("the certificate names several uids");
          }
          uid = part.getValue().toString();
        }
      }
    } catch (InvalidNameException e) {
      throw new GeneralSecurityException("the certificate's subject can't be read", e);
    }
    if (name.isEmpty()) {
      throw new GeneralSecurityException("the certificate names no user");
    }
    return new UserInfo(
        name, uid, groups, Map.of(UserInfo.CREDENTIAL_ID, List.of(id(certificate))));
  }

  /// What tells the certificate from all others, for the audit log.
  private static String id(X509Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return "X509SHA256=" + HexFormat.of().formatHex(digest);
  }
}
