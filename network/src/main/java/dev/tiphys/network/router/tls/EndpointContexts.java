package dev.tiphys.network.router.tls;

import dev.tiphys.network.router.backends.EndpointTls;
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
import javax.net.ssl.SSLException;

/// Secures connections to endpoints.
///
/// Threads: any.
public final class EndpointContexts {

  private static final SslContext HTTP_1 = context(ApplicationProtocolNames.HTTP_1_1);
  private static final SslContext HTTP_2 = context(ApplicationProtocolNames.HTTP_2);

  private EndpointContexts() {}

  private static SslContext context(String protocol) {
    try {
      return SslContextBuilder.forClient()
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  protocol))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What speaks TLS on a connection to an endpoint.
  public static SslHandler handler(
      EndpointTls tls, Protocol protocol, InetSocketAddress address, ByteBufAllocator memory) {
    SslContext context =
        switch (protocol) {
          case HTTP_1 -> HTTP_1;
          case HTTP_2 -> HTTP_2;
        };
    return tls.name().isEmpty()
        ? context.newHandler(memory)
        : context.newHandler(memory, tls.name(), address.getPort());
  }
}
