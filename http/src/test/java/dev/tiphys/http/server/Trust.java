package dev.tiphys.http.server;

import dev.tiphys.pki.Credential;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS of clients.
final class Trust {

  private Trust() {}

  /// Believes servers of one authority.
  ///
  /// @param own what the client proves itself with; null if it does not
  static SSLContext in(X509Certificate authority, Credential own)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore entries = KeyStore.getInstance(KeyStore.getDefaultType());
    entries.load(null, null);
    if (own != null) {
      entries.setKeyEntry(
          "own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
    }
    keys.init(entries, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
