package dev.tiphys.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// Certificates that no authority vouches for.
final class SelfSigned {

  private static final String PASSWORD = "password";

  private SelfSigned() {}

  /// A Secret of type `kubernetes.io/tls`, in YAML.
  ///
  /// @param directory where files may be made
  static String secret(String name, Path directory) throws IOException, GeneralSecurityException {
    Path file = directory.resolve(name + ".p12");
    new Command(Path.of(System.getProperty("java.home"), "bin", "keytool").toString())
        .and("-genkeypair")
        .and("-alias")
        .and("own")
        .and("-keyalg")
        .and("EC")
        .and("-dname")
        .and("CN=" + name)
        .and("-storetype")
        .and("PKCS12")
        .and("-keystore")
        .and(file.toString())
        .and("-storepass")
        .and(PASSWORD)
        .run()
        .ok();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, namespace: default}
        type: kubernetes.io/tls
        data: {tls.crt: %s, tls.key: %s}
        """
        .formatted(
            name,
            pem("CERTIFICATE", store.getCertificate("own").getEncoded()),
            pem("PRIVATE KEY", store.getKey("own", PASSWORD.toCharArray()).getEncoded()));
  }

  /// PEM, in base64 once more.
  private static String pem(String type, byte[] content) {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type);
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
