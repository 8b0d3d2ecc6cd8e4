package dev.tiphys.network.router.tls;

import dev.tiphys.http.Authorities;
import dev.tiphys.network.router.backends.EndpointTls.Trust;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Verifies that an endpoint's certificate is for one of several names, besides who stands behind
/// it.
final class EndpointTrust extends X509ExtendedTrustManager {

  private static final int DNS = 2; // kinds of names, RFC 5280, 4.2.1.6
  private static final int URI = 6;

  private final X509ExtendedTrustManager chains;
  private final Trust trust;

  private EndpointTrust(X509ExtendedTrustManager chains, Trust trust) {
    this.chains = chains;
    this.trust = trust;
  }

  /// What verifies; where no names are given, that a certificate is for the name that is asked for
  /// is left to TLS.
  static TrustManager manager(Trust trust) {
    try {
      for (TrustManager each : factory(trust.authorities()).getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager chains) {
          return trust.hosts().isEmpty() && trust.uris().isEmpty()
              ? chains
              : new EndpointTrust(chains, trust);
        }
      }
      throw new IllegalStateException("there is nothing that verifies certificates");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Null stands for the authorities that are known to this machine.
  private static TrustManagerFactory factory(@Nullable Authorities authorities)
      throws GeneralSecurityException {
    if (authorities != null) {
      return authorities.factory();
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return factory;
  }

  private void checkNames(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> each : names) {
        Object value = each.get(1);
        if (each.get(0).equals(DNS) && trust.hosts().stream().anyMatch(host -> is(host, value))
            || each.get(0).equals(URI) && trust.uris().contains(value)) {
          return;
        }
      }
    }
    throw new CertificateException("the certificate is for none of the names that are trusted");
  }

  private static boolean is(String trusted, Object found) {
    String name = found.toString().toLowerCase(Locale.ROOT);
    return name.equals(trusted) || trusted.startsWith("*.") && name.endsWith(trusted.substring(1));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    chains.checkServerTrusted(chain, type, engine);
    checkNames(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    chains.checkServerTrusted(chain, type, socket);
    checkNames(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    chains.checkServerTrusted(chain, type);
    checkNames(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("endpoints are no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("endpoints are no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("endpoints are no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chains.getAcceptedIssuers();
  }
}
