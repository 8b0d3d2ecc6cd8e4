package dev.tiphys.network.ingress;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Reads Secrets of type `kubernetes.io/tls`.
public final class TlsSecrets {

  private TlsSecrets() {}

  /// @throws IllegalArgumentException if the Secret has no key and certificate that belong together
  public static TlsSettings read(Struct secret) {
    String key = text(secret, "tls.key");
    String chain = text(secret, "tls.crt");
    if (!Pem.belong(key, chain)) {
      throw new IllegalArgumentException("the key is not that of the certificate");
    }
    return new TlsSettings(Pem.privateKey(key), Pem.certificates(chain), List.of());
  }

  private static String text(Struct secret, String name) {
    return new String(
        Base64.getDecoder().decode(secret.string("data", name)), StandardCharsets.UTF_8);
  }
}
