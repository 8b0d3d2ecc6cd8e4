package dev.tiphys.network.router.tls;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.Tls;
import dev.tiphys.network.router.table.ClientTls;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.World;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.Mapping;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The certificates of a listener, by the name that clients ask for (SNI, RFC 6066, 3). They may be
/// changed at any time, for the connections that are made from then on.
///
/// Threads: any.
public final class Certificates {

  /// For so long a handshake may still be about to use a certificate that was replaced.
  private static final Duration LAST_USE = Duration.ofMinutes(1);

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private static final AttributeKey<String> ASKED = AttributeKey.valueOf("asked by TLS");

  private static final AttributeKey<ClientTls> CLIENT = AttributeKey.valueOf("client of TLS");

  private final World world;
  private volatile Contexts contexts;

  /// Until others are served, all clients are shown the one for others.
  ///
  /// @param other for clients that ask for no name, or for one that there is no certificate for
  public Certificates(World world, TlsSettings other) {
    this.world = world;
    this.contexts = new Contexts(Map.of(), Tls.context(other), true);
  }

  private record Contexts(Map<String, Named> byName, SslContext other, boolean showsOther) {

    /// The context for a name: that of the name, else that of the wildcard one label above (RFC
    /// 6125, 6.4.3), else that of the nearest domain above, else that of any name; null if there is
    /// none, and the one for others is not shown.
    @Nullable SslContext of(@Nullable String asked) {
      Named found = null;
      if (asked != null) {
        String name = asked.toLowerCase(Locale.ROOT);
        found = byName.get(name);
        int dot = name.indexOf('.');
        if (found == null && dot > 0) {
          found = byName.get("*" + name.substring(dot));
        }
        for (; found == null && dot > 0; dot = name.indexOf('.', dot + 1)) {
          found = byName.get(name.substring(dot));
        }
      }
      if (found == null) {
        found = byName.get("*");
      }
      if (found != null) {
        return found.context;
      }
      return showsOther ? other : null;
    }
  }

  private record Named(TlsSettings settings, SslContext context) {}

  /// Serves other certificates. Those that are the same as before are kept with all their sessions.
  ///
  /// @param byName in lower case; `*.domain` for all names one label below a domain, `.domain` for
  ///   all names below it, `*` for any name
  /// @param showsOther whether clients that there is none for are shown the one for others; if not,
  ///   their connections are closed
  /// @throws IllegalArgumentException if a key or certificate is unusable; then nothing has changed
  public synchronized void serve(Map<String, TlsSettings> byName, boolean showsOther) {
    Contexts before = contexts;
    Map<TlsSettings, SslContext> known = new HashMap<>();
    before.byName.values().forEach(each -> known.put(each.settings, each.context));
    Map<TlsSettings, SslContext> used = new HashMap<>();
    Map<String, Named> next = new HashMap<>();
    byName.forEach(
        (name, settings) -> {
          SslContext context =
              used.computeIfAbsent(
                  settings,
                  _ -> known.containsKey(settings) ? known.get(settings) : context(settings));
          next.put(name, new Named(settings, context));
        });
    contexts = new Contexts(Map.copyOf(next), before.other, showsOther);
    known.keySet().removeAll(used.keySet());
    if (!known.isEmpty()) {
      world
          .background()
          .schedule(LAST_USE, () -> known.values().forEach(ReferenceCountUtil::release));
    }
  }

  /// @throws IllegalArgumentException also if the key is not that of the certificate, which would
  ///   be found out only in the first handshake otherwise
  private static SslContext context(TlsSettings settings) {
    if (!Pem.belong(Pem.of(settings.key()), Pem.of(settings.chain()))) {
      throw new IllegalArgumentException("the key is not that of the certificate");
    }
    return Tls.context(settings);
  }

  /// A handler that finds out for which name a client asks, and goes on with its certificate.
  public ChannelHandler handler() {
    Mapping<String, @Nullable SslContext> mapping = name -> contexts.of(name);
    return new SniHandler(mapping, HANDSHAKE.toMillis()) {
      @Override
      protected void replaceHandler(
          ChannelHandlerContext client, @Nullable String name, @Nullable SslContext context)
          throws Exception {
        if (context == null) {
          client.close();
          return;
        }
        client.channel().attr(ASKED).set(name == null ? "" : name.toLowerCase(Locale.ROOT));
        super.replaceHandler(client, name, context);
      }
    };
  }

  /// What the client of a connection, or of a stream of one, said as it began TLS; null if it came
  /// without. On the event loop of the connection.
  public static @Nullable ClientTls of(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel stream ? stream.parent() : channel;
    ClientTls known = connection.attr(CLIENT).get();
    SslHandler handler = connection.pipeline().get(SslHandler.class);
    if (known != null || handler == null) {
      return known;
    }
    String asked = connection.attr(ASKED).get();
    ClientTls client =
        new ClientTls(asked == null || asked.isEmpty() ? null : asked, Tls.peer(handler));
    connection.attr(CLIENT).set(client);
    return client;
  }
}
