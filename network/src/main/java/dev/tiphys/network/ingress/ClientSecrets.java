package dev.tiphys.network.ingress;

import dev.tiphys.object.Struct;
import dev.tiphys.pki.Pem;
import java.nio.charset.StandardCharsets;
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
      List<X509Certificate> authorities = Pem.certificates(text(secret, "ca.crt"));
      return authorities.isEmpty()
          ? null
          : new ClientSecrets(authorities, Pem.revocations(text(secret, "ca.crl")));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String text(Struct secret, String name) {
    return new String(
        Base64.getDecoder().decode(secret.string("data", name)), StandardCharsets.UTF_8);
  }
}
