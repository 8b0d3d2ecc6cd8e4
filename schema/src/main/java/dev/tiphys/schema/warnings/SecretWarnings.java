package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.access.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Warnings about secrets: a key pair for TLS that is none.
final class SecretWarnings {

  private SecretWarnings() {}

  static void secret(Subject secret) {
    if (secret.object().string("type").equals("kubernetes.io/tls")) {
      String problem = problem(secret.object().struct("data"));
      if (problem != null) {
        secret.say("tls: " + problem);
      }
    }
  }

  private static @Nullable String problem(Struct data) {
    List<Pem.Block> certificates = Pem.blocks(data.string("tls.crt"));
    List<String> skipped = new ArrayList<>();
    Pem.Block certificate = find(certificates, "CERTIFICATE", skipped);
    if (certificate == null) {
      if (skipped.isEmpty()) {
        return "failed to find any PEM data in certificate input";
      }
      return skipped.size() == 1 && skipped.getFirst().endsWith("PRIVATE KEY")
          ? "failed to find certificate PEM data in certificate input, but did find a private key;"
              + " PEM inputs may have been switched"
          : "failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks"
              + " of the following types: ["
              + String.join(" ", skipped)
              + "]";
    }
    List<String> before = new ArrayList<>();
    Pem.Block key = find(Pem.blocks(data.string("tls.key")), "PRIVATE KEY", before);
    if (key == null) {
      if (before.isEmpty()) {
        return "failed to find any PEM data in key input";
      }
      return before.size() == 1 && before.getFirst().equals("CERTIFICATE")
          ? "found a certificate rather than a key in the PEM for the private key"
          : "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping"
              + " PEM blocks of the following types: ["
              + String.join(" ", before)
              + "]";
    }
    return mismatch(certificate, key);
  }

  /// The first block whose type ends like this; the types of those before it are told.
  private static Pem.@Nullable Block find(
      List<Pem.Block> blocks, String ending, List<String> skipped) {
    for (Pem.Block block : blocks) {
      if (ending.equals("CERTIFICATE")
          ? block.type().equals(ending)
          : block.type().endsWith(ending)) {
        return block;
      }
      skipped.add(block.type());
    }
    return null;
  }

  private static @Nullable String mismatch(Pem.Block certificate, Pem.Block key) {
    PublicKey inCertificate;
    try {
      inCertificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate.bytes()))
              .getPublicKey();
    } catch (GeneralSecurityException e) {
      return "failed to parse certificate: x509: malformed certificate";
    }
    return PrivateKeys.mismatch(key.type(), key.bytes(), inCertificate);
  }
}
