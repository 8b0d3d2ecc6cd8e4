package dev.tiphys.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Store;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.world.RealWorld;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An etcd that wants to see a certificate. One certificate, signed by itself, serves all.
@Tag("etcd")
class EtcdTlsTest {

  private static final String PASSWORD = "password";

  @TempDir Path directory;

  private Path certificate;
  private Path key;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=it",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, PASSWORD.toCharArray());
    }
    certificate = pem("CERTIFICATE", keys.getCertificate("it").getEncoded());
    key = pem("PRIVATE KEY", keys.getKey("it", PASSWORD.toCharArray()).getEncoded());
  }

  private Path pem(String kind, byte[] bytes) throws Exception {
    return Files.writeString(
        directory.resolve(kind),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind));
  }

  @Test
  void theStoreAndEtcdKnowEachOther() throws Exception {
    EtcdTls tls = new EtcdTls(certificate, certificate, key);
    try (EtcdServer etcd =
            new EtcdServer(
                directory,
                "https",
                "--cert-file=" + certificate,
                "--key-file=" + key,
                "--trusted-ca-file=" + certificate,
                "--client-cert-auth");
        Store store = EtcdStore.connect(List.of(etcd.endpoint()), tls, new RealWorld())) {

      assertThat(store.write(Write.create("/a", new byte[1])))
          .isInstanceOf(WriteResult.Written.class);
    }
  }
}
