package dev.tiphys.client.http;

import dev.tiphys.pki.Credential;
import dev.tiphys.pki.CredentialKeys;
import dev.tiphys.pki.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS as a kubeconfig asks for it.
public final class TlsContext {

  private TlsContext() {}

  /// Believes the server, and shows the certificate, that `access` names.
  public static SSLContext of(Kubeconfig.Access access) {
    return of(access, access.certificate(), access.key());
  }

  /// Believes the server that `access` names, and shows the certificate that the client has at the
  /// moment of each handshake.
  public static SSLContext of(Kubeconfig.Access access, Supplier<Credential> own) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new CredentialKeys(own)}, trust(access), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the server can't be verified: " + e.getMessage(), e);
    }
  }

  /// As [#of(Kubeconfig.Access)], with another certificate.
  static SSLContext of(Kubeconfig.Access access, String certificate, String key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(certificate, key), trust(access), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the keys and certificates of the kubeconfig can't be used: " + e.getMessage(), e);
    }
  }

  private static KeyManager @Nullable [] keys(String certificate, String key)
      throws GeneralSecurityException, IOException {
    if (certificate.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    List<X509Certificate> chain = Pem.certificates(certificate);
    store.setKeyEntry(
        "client", Pem.privateKey(key), new char[0], chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(Kubeconfig.Access access)
      throws GeneralSecurityException, IOException {
    AccessOptions options = access.more();
    if (options.skipVerify()) {
      return new TrustManager[] {ServerTrust.ofAny()};
    }
    TrustManager[] managers = access.authority().isEmpty() ? system() : authorities(access);
    if (options.serverName().isEmpty()) {
      return managers;
    }
    for (TrustManager manager : managers) {
      if (manager instanceof X509TrustManager chain) {
        return new TrustManager[] {ServerTrust.ofName(chain, options.serverName())};
      }
    }
    throw new GeneralSecurityException("there is no X.509 trust manager");
  }

  private static TrustManager[] system() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return factory.getTrustManagers();
  }

  private static TrustManager[] authorities(Kubeconfig.Access access)
      throws GeneralSecurityException, IOException {
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

  /// A store that stays in memory: of a type that, unlike PKCS12, does not spend milliseconds on
  /// deriving a key from the empty password.
  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }
}
