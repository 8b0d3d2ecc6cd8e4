package dev.tiphys.network.router.tls;

import dev.tiphys.world.World;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Verifies certificates of clients (RFC 5280, 6), and says what is wrong in OpenSSL's words, which
/// programs behind nginx know.
///
/// Threads: any.
public final class ClientTrust {

  private static final Set<String> FOR_CLIENTS =
      Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0"); // clientAuth and any purpose, RFC 5280, 4.2.1.12

  private final World world;
  private final List<X509Certificate> authorities;
  private final List<X509CRL> revoked;
  private final int depth;

  /// @param revoked empty if nothing tells which certificates are not valid any more
  /// @param depth how many authorities may stand between a client and one of those
  public ClientTrust(
      World world, List<X509Certificate> authorities, List<X509CRL> revoked, int depth) {
    this.world = world;
    this.authorities = List.copyOf(authorities);
    this.revoked = List.copyOf(revoked);
    this.depth = depth;
  }

  /// What is wrong with a chain; empty if nothing is.
  ///
  /// @param chain the client's own certificate first
  public String problem(List<X509Certificate> chain) {
    X509Certificate own = chain.getFirst();
    Date now = Date.from(world.now());
    if (now.before(own.getNotBefore())) {
      return "certificate is not yet valid";
    }
    if (now.after(own.getNotAfter())) {
      return "certificate has expired";
    }
    try {
      PKIXBuilderParameters asked = asked(own, now);
      List<Object> known = new ArrayList<>(chain);
      known.addAll(authorities);
      known.addAll(revoked);
      asked.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
      CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
      asked.setRevocationEnabled(!revoked.isEmpty());
      if (builder.getRevocationChecker() instanceof PKIXRevocationChecker lists
          && !revoked.isEmpty()) {
        lists.setOptions(
            EnumSet.of(
                PKIXRevocationChecker.Option.PREFER_CRLS,
                PKIXRevocationChecker.Option.NO_FALLBACK));
        asked.addCertPathChecker(lists);
      }
      builder.build(asked);
      return isForClients(own) ? "" : "unsupported certificate purpose";
    } catch (CertPathBuilderException e) {
      return words(e, chain);
    } catch (GeneralSecurityException e) {
      return "unspecified certificate verification error";
    }
  }

  private PKIXBuilderParameters asked(X509Certificate own, Date now)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(own);
    Set<TrustAnchor> anchors =
        authorities.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet());
    PKIXBuilderParameters asked = new PKIXBuilderParameters(anchors, target);
    asked.setMaxPathLength(depth);
    asked.setDate(now);
    return asked;
  }

  private static boolean isForClients(X509Certificate own) throws CertificateParsingException {
    Collection<String> purposes = own.getExtendedKeyUsage();
    return purposes == null || purposes.stream().anyMatch(FOR_CLIENTS::contains);
  }

  private String words(CertPathBuilderException e, List<X509Certificate> chain) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException invalid) {
        if (invalid.getReason() == BasicReason.REVOKED) {
          return "certificate revoked";
        }
        if (invalid.getReason() == BasicReason.EXPIRED) {
          return "certificate has expired";
        }
        if (invalid.getReason() == BasicReason.INVALID_SIGNATURE) {
          return "certificate signature failure";
        }
        if (invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
          return "unable to get certificate CRL";
        }
        if (invalid.getReason() == PKIXReason.PATH_TOO_LONG) {
          return "certificate chain too long";
        }
      }
    }
    if (isOwn(chain.getFirst())) {
      return "self-signed certificate";
    }
    if (depth < chain.size() - 1 && isKnown(chain.getLast())) {
      return "certificate chain too long";
    }
    return chain.stream().anyMatch(ClientTrust::isOwn)
        ? "self-signed certificate in certificate chain"
        : "unable to verify the first certificate";
  }

  private boolean isKnown(X509Certificate last) {
    return authorities.stream()
        .anyMatch(each -> each.getSubjectX500Principal().equals(last.getIssuerX500Principal()));
  }

  private static boolean isOwn(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
