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
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Secures connections to endpoints.
///
/// Threads: any.
public final class EndpointContexts {

  private static final SslContext HTTP_1 = unverified(ApplicationProtocolNames.HTTP_1_1);
  private static final SslContext HTTP_2 = unverified(ApplicationProtocolNames.HTTP_2);

  /// Contexts that verify, for as long as something asks for them.
  private static final Map<Trust, Map<Protocol, SslContext>> VERIFYING =
      Collections.synchronizedMap(new WeakHashMap<>());

  private EndpointContexts() {}

  private static SslContext unverified(String protocol) {
    return built(
        builder(protocol)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null));
  }

  private static SslContext verifying(Trust trust, String protocol) {
    TrustManager manager = EndpointTrust.manager(trust);
    boolean byName = trust.hosts().isEmpty() && trust.uris().isEmpty();
    return built(
        builder(protocol)
            .trustManager(manager)
            .endpointIdentificationAlgorithm(byName ? "HTTPS" : null));
  }

  private static SslContextBuilder builder(String protocol) {
    return SslContextBuilder.forClient()
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
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

  private static SslContext context(@Nullable Trust trust, Protocol protocol) {
    String name =
        switch (protocol) {
          case HTTP_1 -> ApplicationProtocolNames.HTTP_1_1;
          case HTTP_2 -> ApplicationProtocolNames.HTTP_2;
        };
    if (trust == null) {
      return protocol == Protocol.HTTP_1 ? HTTP_1 : HTTP_2;
    }
    return VERIFYING
        .computeIfAbsent(trust, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(protocol, _ -> verifying(trust, name));
  }

  /// What speaks TLS on a connection to an endpoint.
  public static SslHandler handler(
      EndpointTls tls, Protocol protocol, InetSocketAddress address, ByteBufAllocator memory) {
    SslContext context = context(tls.trust(), protocol);
    return tls.name().isEmpty()
        ? context.newHandler(memory)
        : context.newHandler(memory, tls.name(), address.getPort());
  }
}
