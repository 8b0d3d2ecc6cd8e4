package dev.tiphys.network.ingress;

import dev.tiphys.object.Struct;
import dev.tiphys.pki.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a Secret has to verify clients by: the authorities under `ca.crt`, and what they have
/// revoked under `ca.crl`.
record ClientSecrets(List<X509Certificate> authorities, List<X509CRL> revoked) {

  ClientSecrets {
    authorities = List.copyOf(authorities);
    revoked = List.copyOf(revoked);
  }

  /// @return null if there are no authorities, or something can't be read
  static @Nullable ClientSecrets read(Struct secret) {
    try {
      List<X509Certificate> authorities =
          Pem.certificates(new String(bytes(secret, "ca.crt"), StandardCharsets.UTF_8));
      return authorities.isEmpty()
          ? null
          : new ClientSecrets(authorities, lists(bytes(secret, "ca.crl")));
    } catch (IllegalArgumentException | CertificateException | CRLException e) {
      return null;
    }
  }

  private static byte[] bytes(Struct secret, String name) {
    return Base64.getDecoder().decode(secret.string("data", name));
  }

  private static List<X509CRL> lists(byte[] text) throws CertificateException, CRLException {
    return text.length == 0
        ? List.of()
        : CertificateFactory.getInstance("X.509")
            .generateCRLs(new ByteArrayInputStream(text))
            .stream()
            .map(X509CRL.class::cast)
            .toList();
  }
}
