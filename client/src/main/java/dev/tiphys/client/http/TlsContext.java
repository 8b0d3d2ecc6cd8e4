package dev.tiphys.client.http;

import dev.tiphys.pki.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS as a kubeconfig asks for it.
public final class TlsContext {

  private TlsContext() {}

  /// Believes the authority, and shows the certificate, that `access` names.
  public static SSLContext of(Kubeconfig.Access access) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(access), trust(access), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the keys and certificates of the kubeconfig can't be used: " + e.getMessage(), e);
    }
  }

  private static KeyManager @Nullable [] keys(Kubeconfig.Access access)
      throws GeneralSecurityException, IOException {
    if (access.certificate().isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    List<X509Certificate> chain = Pem.certificates(access.certificate());
    store.setKeyEntry(
        "client", Pem.privateKey(access.key()), new char[0], chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(Kubeconfig.Access access)
      throws GeneralSecurityException, IOException {
    if (access.authority().isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    int number = 0;
    for (X509Certificate certificate : Pem.certificates(access.authority())) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
