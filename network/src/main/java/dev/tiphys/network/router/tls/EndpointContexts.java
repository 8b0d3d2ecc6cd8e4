package dev.tiphys.network.router.tls;

import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.EndpointTls.Trust;
import dev.tiphys.network.router.backends.Protocol;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/// Secures connections to endpoints.
///
/// Threads: any.
public final class EndpointContexts {

  private static final SslContext HTTP_1 = unverified(ApplicationProtocolNames.HTTP_1_1);
  private static final SslContext HTTP_2 = unverified(ApplicationProtocolNames.HTTP_2);

  /// Contexts that verify or show a certificate, for as long as something asks for them.
  private static final Map<EndpointTls, Map<String, SslContext>> OF_THEIR_OWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private EndpointContexts() {}

  private static SslContext unverified(String protocol) {
    return built(
        builder(protocol)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null));
  }

  private static SslContext own(EndpointTls tls, String protocol) {
    SslContextBuilder builder = builder(protocol);
    Trust trust = tls.trust();
    if (trust == null) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    } else {
      boolean byName = trust.hosts().isEmpty() && trust.uris().isEmpty();
      builder
          .trustManager(EndpointTrust.manager(trust))
          .endpointIdentificationAlgorithm(byName ? "HTTPS" : null);
    }
    EndpointTls.Identity identity = tls.identity();
    if (identity != null) {
      builder.keyManager(identity.key(), identity.chain().toArray(X509Certificate[]::new));
    }
    return built(builder);
  }

  /// @param protocol empty if none is agreed on
  private static SslContextBuilder builder(String protocol) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
    return protocol.isEmpty()
        ? builder
        : builder.applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                protocol));
  }

  private static SslContext built(SslContextBuilder builder) {
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SslContext context(EndpointTls tls, String protocol) {
    if (tls.trust() == null && tls.identity() == null && !protocol.isEmpty()) {
      return protocol.equals(ApplicationProtocolNames.HTTP_1_1) ? HTTP_1 : HTTP_2;
    }
    return OF_THEIR_OWN
        .computeIfAbsent(tls, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(protocol, _ -> own(tls, protocol));
  }

  /// What speaks TLS on a connection to an endpoint, by which a protocol is spoken.
  public static SslHandler handler(
      EndpointTls tls, Protocol protocol, InetSocketAddress address, ByteBufAllocator memory) {
    return switch (protocol) {
      case HTTP_1 -> handler(tls, ApplicationProtocolNames.HTTP_1_1, address, memory);
      case HTTP_2 -> handler(tls, ApplicationProtocolNames.HTTP_2, address, memory);
    };
  }

  /// What speaks TLS on a connection to an endpoint, of which nothing else is known.
  public static SslHandler handler(
      EndpointTls tls, InetSocketAddress address, ByteBufAllocator memory) {
    return handler(tls, "", address, memory);
  }

  private static SslHandler handler(
      EndpointTls tls, String protocol, InetSocketAddress address, ByteBufAllocator memory) {
    SslContext context = context(tls, protocol);
    return tls.name().isEmpty()
        ? context.newHandler(memory)
        : context.newHandler(memory, tls.name(), address.getPort());
  }
}
