package dev.tiphys.client.http;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Believes a server by another name than that in its URL, or whatever it proves.
final class ServerTrust extends X509ExtendedTrustManager {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final @Nullable X509TrustManager chain;
  private final String name;

  private ServerTrust(@Nullable X509TrustManager chain, String name) {
    this.chain = chain;
    this.name = name;
  }

  /// Believes any server.
  static ServerTrust ofAny() {
    return new ServerTrust(null, "");
  }

  /// Believes servers with a certificate of this name, from those that `chain` believes.
  static ServerTrust ofName(X509TrustManager chain, String name) {
    return new ServerTrust(chain, name);
  }

  private void check(X509Certificate[] certificates, String type) throws CertificateException {
    if (chain == null) {
      return;
    }
    chain.checkServerTrusted(certificates, type);
    if (!names(certificates[0], name)) {
      throw new CertificateException("No subject alternative name matches " + name);
    }
  }

  /// Whether a certificate is one of a host: by its alternative names, as RFC 6125 has it.
  static boolean names(X509Certificate certificate, String host) throws CertificateException {
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives == null) {
        return false;
      }
      for (List<?> alternative : alternatives) {
        String value = String.valueOf(alternative.get(1));
        boolean matches =
            switch ((Integer) alternative.get(0)) {
              case DNS_NAME ->
                  matches(value.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT));
              case IP_ADDRESS -> value.equals(host);
              default -> false;
            };
        if (matches) {
          return true;
        }
      }
      return false;
    } catch (CertificateParsingException e) {
      throw new CertificateException("the names of the certificate cannot be read", e);
    }
  }

  /// A star stands for one whole label, the first one.
  private static boolean matches(String pattern, String host) {
    if (!pattern.startsWith("*.")) {
      return pattern.equals(host);
    }
    int dot = host.indexOf('.');
    return dot > 0 && pattern.substring(1).equals(host.substring(dot));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type)
      throws CertificateException {
    check(certificates, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
      throws CertificateException {
    check(certificates, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
      throws CertificateException {
    check(certificates, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chain == null ? new X509Certificate[0] : chain.getAcceptedIssuers();
  }
}
