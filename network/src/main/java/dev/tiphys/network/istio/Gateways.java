package dev.tiphys.network.istio;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.istio.destinations.Credentials;
import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads Gateways: which hosts are served at which ports.
final class Gateways {

  private static final List<String> OF_HTTP = List.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB");
  private static final List<String> OF_TCP = List.of("TCP", "MONGO", "MYSQL", "REDIS");

  private Gateways() {}

  /// What is done with connections.
  enum Kind {
    /// Requests are read.
    HTTP,
    /// They are passed on as they are.
    TCP,
    /// They are passed on by the name that is asked for; TLS goes through.
    PASSTHROUGH,
    /// TLS ends, and what is in it is passed on.
    TERMINATED
  }

  /// A port of a Gateway.
  ///
  /// @param gateway as `NAMESPACE/NAME`
  /// @param hosts as they are written down, with a namespace before a slash or without
  /// @param certificate null if TLS does not end here
  /// @param toHttps whether clients are sent to the port with TLS
  record Server(
      String gateway,
      String namespace,
      int port,
      Kind kind,
      List<String> hosts,
      @Nullable TlsSettings certificate,
      boolean toHttps) {

    /// Whether clients speak TLS.
    boolean isSecure() {
      return certificate != null || kind == Kind.PASSTHROUGH;
    }

    /// The names under which a host of a VirtualService is served here.
    ///
    /// @param owner namespace of the VirtualService
    Set<String> names(String host, String owner) {
      Set<String> names = new LinkedHashSet<>();
      for (String each : hosts) {
        int slash = each.indexOf('/');
        String from = slash < 0 ? "*" : each.substring(0, slash);
        String name = each.substring(slash + 1).toLowerCase(Locale.ROOT);
        String only = from.equals(".") ? namespace : from;
        if (!only.equals("*") && !only.equals(owner)) {
          continue;
        }
        if (Hosts.covers(name, host)) {
          names.add(host);
        } else if (Hosts.covers(host, name)) {
          names.add(name);
        }
      }
      return names;
    }

    /// The names that are served without a VirtualService.
    List<String> plainNames() {
      return hosts.stream()
          .map(each -> each.substring(each.indexOf('/') + 1).toLowerCase(Locale.ROOT))
          .toList();
    }
  }

  /// The ports of a Gateway.
  ///
  /// @param credentials where keys and certificates are
  /// @param problem is told of what can't be kept
  static List<Server> servers(Struct gateway, Credentials credentials, Consumer<String> problem) {
    List<Server> servers = new ArrayList<>();
    for (Struct server : gateway.structs("spec", "servers")) {
      try {
        servers.add(read(gateway, server, credentials));
      } catch (IllegalArgumentException e) {
        problem.accept("port %d: %s".formatted(server.integer("port", "number"), e.getMessage()));
      }
    }
    return servers;
  }

  private static Server read(Struct gateway, Struct server, Credentials credentials) {
    String namespace = Meta.of(gateway).namespace();
    String protocol = server.string("port", "protocol").toUpperCase(Locale.ROOT);
    Struct tls = server.struct("tls");
    Kind kind = kind(protocol, tls);
    boolean ends = kind == Kind.TERMINATED || protocol.equals("HTTPS") && kind == Kind.HTTP;
    return new Server(
        Meta.of(gateway).key().toString(),
        namespace,
        (int) server.integer("port", "number"),
        kind,
        server.strings("hosts"),
        ends ? new GatewayTls(credentials, namespace).read(tls) : null,
        tls.bool("httpsRedirect") && !ends && kind == Kind.HTTP);
  }

  private static Kind kind(String protocol, Struct tls) {
    if (OF_HTTP.contains(protocol)) {
      return Kind.HTTP;
    }
    if (OF_TCP.contains(protocol)) {
      return Kind.TCP;
    }
    return switch (protocol) {
      case "HTTPS" -> ofTls(tls, Kind.HTTP);
      case "TLS" -> ofTls(tls, Kind.TERMINATED);
      default ->
          throw new IllegalArgumentException("protocol %s is not served here".formatted(protocol));
    };
  }

  private static Kind ofTls(Struct tls, Kind terminated) {
    return switch (tls.string("mode")) {
      case "PASSTHROUGH", "" -> Kind.PASSTHROUGH;
      case "AUTO_PASSTHROUGH" ->
          throw new IllegalArgumentException(
              "TLS mode AUTO_PASSTHROUGH is not served here: it is for the sidecars of a mesh of"
                  + " several networks");
      default -> terminated;
    };
  }
}
