package dev.tiphys.http;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;

/// Authorities, one of which must stand behind a certificate that is taken.
///
/// @param revoked what authorities have taken back. With one list there must be one of each
///   authority on the way to a certificate, as OpenSSL wants it; with none nothing is looked for
public record Authorities(List<X509Certificate> certificates, List<X509CRL> revoked) {

  public Authorities {
    certificates = List.copyOf(certificates);
    revoked = List.copyOf(revoked);
  }

  /// What verifies certificates so. Nothing is asked of the network.
  public TrustManagerFactory factory() {
    try {
      Set<TrustAnchor> anchors =
          certificates.stream()
              .map(each -> new TrustAnchor(each, null))
              .collect(Collectors.toSet());
      PKIXBuilderParameters terms = new PKIXBuilderParameters(anchors, new X509CertSelector());
      terms.setRevocationEnabled(false);
      if (!revoked.isEmpty()) {
        PKIXRevocationChecker lists =
            (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        lists.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
        terms.addCertPathChecker(lists);
        terms.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(terms));
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
