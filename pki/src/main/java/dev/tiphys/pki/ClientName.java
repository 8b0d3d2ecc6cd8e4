package dev.tiphys.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Whose a client's certificate is, as Kubernetes reads it.
///
/// @param name the common name
/// @param uid an attribute that Kubernetes has a number for; empty if there is none
/// @param organizations the groups of the client
public record ClientName(String name, String uid, List<String> organizations) {

  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final String UID = "1.3.6.1.4.1.57683.2";

  public ClientName {
    organizations = List.copyOf(organizations);
  }

  /// @throws GeneralSecurityException if the certificate is not for clients, or names none
  public static ClientName of(X509Certificate certificate) throws GeneralSecurityException {
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages != null && !usages.contains(CLIENT_USAGE)) {
      throw new GeneralSecurityException("the certificate is not for clients");
    }
    String name = "";
    String uid = "";
    List<String> organizations = new ArrayList<>();
    try {
      String subject =
          certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, Map.of(UID, "UID"));
      for (Rdn part : new LdapName(subject).getRdns()) {
        String value = part.getValue().toString();
        switch (part.getType()) {
          case "CN" -> name = value;
          case "O" -> organizations.add(value);
          case "UID" -> {
            if (!uid.isEmpty()) {
              throw new GeneralSecurityException("the certificate names several uids");
            }
            uid = value;
          }
          default -> {}
        }
      }
    } catch (InvalidNameException e) {
      throw new GeneralSecurityException("the certificate's subject can't be read", e);
    }
    if (name.isEmpty()) {
      throw new GeneralSecurityException("the certificate names no user");
    }
    return new ClientName(name, uid, organizations);
  }
}
