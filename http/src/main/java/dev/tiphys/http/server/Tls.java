package dev.tiphys.http.server;

import dev.tiphys.http.Authorities;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.TlsTerms;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.CipherSuiteFilter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS, by BoringSSL where it can be loaded and by the JDK elsewhere.
public final class Tls {

  /// Holds the key on its way to the TLS library, in memory only. The JDK's default, PKCS12,
  /// derives a key from the (empty) password 10,000 times over, twice: more than all the rest of a
  /// server's start.
  private static final String KEY_STORE = "JKS";

  private Tls() {}

  /// What connections of a server are secured with: HTTP/2 and HTTP/1.1 by ALPN.
  ///
  /// @throws IllegalArgumentException if the key or a certificate is unusable
  public static SslContext context(TlsSettings settings) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                settings.key(), settings.chain().toArray(X509Certificate[]::new))
            .keyStoreType(KEY_STORE)
            .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
            .protocols(settings.terms().versions())
            .ciphers(ciphers(settings.terms()), filter(settings.terms()))
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
    List<X509Certificate> authorities = settings.clientAuthorities();
    if (!authorities.isEmpty()) {
      switch (settings.check()) {
        case BY_HANDLER ->
            builder.trustManager(new AnyClient(authorities)).clientAuth(ClientAuth.OPTIONAL);
        case IF_SHOWN -> builder.trustManager(verifying(settings)).clientAuth(ClientAuth.OPTIONAL);
        case IN_HANDSHAKE ->
            builder.trustManager(verifying(settings)).clientAuth(ClientAuth.REQUIRE);
      }
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("unusable key or certificate: " + e.getMessage(), e);
    }
  }

  private static TrustManagerFactory verifying(TlsSettings settings) {
    return new Authorities(settings.clientAuthorities(), settings.revoked()).factory();
  }

  /// Those of version 1.3 can't be chosen.
  private static List<String> ciphers(TlsTerms terms) {
    if (terms.ciphers().isEmpty()) {
      return Http2SecurityUtil.CIPHERS;
    }
    List<String> all = new ArrayList<>(terms.ciphers());
    Http2SecurityUtil.CIPHERS.stream()
        .filter(each -> each.startsWith("TLS_AES_") || each.startsWith("TLS_CHACHA20_"))
        .forEach(all::add);
    return all;
  }

  /// The usual ones are those of them that there are; others were looked up by [#knowsCipher].
  private static CipherSuiteFilter filter(TlsTerms terms) {
    return terms.ciphers().isEmpty()
        ? SupportedCipherSuiteFilter.INSTANCE
        : IdentityCipherSuiteFilter.INSTANCE;
  }

  /// Whether connections before version 1.3 can be secured with a cipher suite here.
  public static boolean knowsCipher(String name) {
    return OpenSsl.isCipherSuiteAvailable(name);
  }

  /// Asks clients for certificates of some authorities, and leaves verifying them to the request's
  /// handler: so a client with a certificate that is not trusted gets an answer.
  private record AnyClient(List<X509Certificate> authorities) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("servers are not clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authorities.toArray(X509Certificate[]::new);
    }
  }

  /// The certificates that the client on a connection proved to own.
  public static List<X509Certificate> peer(@Nullable SslHandler handler) {
    if (handler == null) {
      return List.of();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : handler.engine().getSession().getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain;
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // the client presented none
    }
  }
}
