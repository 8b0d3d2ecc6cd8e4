package dev.tiphys.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The authorities that are trusted, and what follows from that (RFC 5280, section 6): every
/// certificate between one of them and the one in question must be of an authority, within its
/// time, and within the path length that those above it allow.
///
/// @param authorities the certificates of the authorities
public record Trust(List<X509Certificate> authorities) {

  /// Real chains are shorter, and long ones cost much to verify.
  private static final int LONGEST_CHAIN = 10;

  public Trust {
    authorities = List.copyOf(authorities);
  }

  /// Verifies a certificate.
  ///
  /// @param chain the certificate, and others that may lead to an authority, in any order
  /// @return until when this holds
  /// @throws GeneralSecurityException if no trusted authority stands behind it now
  public Instant verify(List<X509Certificate> chain, Instant now) throws GeneralSecurityException {
    if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) {
      throw new CertificateException("a chain of " + chain.size() + " certificates");
    }
    X509CertSelector certificate = new X509CertSelector();
    certificate.setCertificate(chain.getFirst());
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors(now), certificate);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    PKIXCertPathBuilderResult path =
        (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    Instant end = path.getTrustAnchor().getTrustedCert().getNotAfter().toInstant();
    for (Certificate each : path.getCertPath().getCertificates()) {
      Instant own = ((X509Certificate) each).getNotAfter().toInstant();
      end = own.isBefore(end) ? own : end;
    }
    return end;
  }

  private Set<TrustAnchor> anchors(Instant now) throws CertificateException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : authorities) {
      boolean valid =
          !now.isBefore(authority.getNotBefore().toInstant())
              && !now.isAfter(authority.getNotAfter().toInstant());
      if (valid) {
        anchors.add(new TrustAnchor(authority, null));
      }
    }
    if (anchors.isEmpty()) {
      throw new CertificateException("no trusted authority is within its time");
    }
    return anchors;
  }
}
