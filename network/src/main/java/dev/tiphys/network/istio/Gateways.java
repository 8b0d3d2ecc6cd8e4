package dev.tiphys.network.istio;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.ingress.TlsSecrets;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Reads Gateways: which hosts are served at which ports.
final class Gateways {

  /// Where certificates are looked for besides the Gateway's own namespace.
  private static final String SHARED = "istio-system";

  private Gateways() {}

  /// A port of a Gateway.
  ///
  /// @param gateway as `NAMESPACE/NAME`
  /// @param hosts as they are written down, with a namespace before a slash or without
  /// @param certificate null if there is no TLS
  /// @param toHttps whether clients are sent to the port with TLS
  record Server(
      String gateway,
      String namespace,
      int port,
      List<String> hosts,
      @Nullable TlsSettings certificate,
      boolean toHttps) {

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
  /// @param secrets by namespace and name
  /// @param problems is told of what can't be kept
  static List<Server> servers(
      Struct gateway, BiFunction<String, String, @Nullable Struct> secrets, Set<String> problems) {
    List<Server> servers = new ArrayList<>();
    String namespace = Meta.of(gateway).namespace();
    String key = Meta.of(gateway).key().toString();
    for (Struct server : gateway.structs("spec", "servers")) {
      int port = (int) server.integer("port", "number");
      String protocol = server.string("port", "protocol").toUpperCase(Locale.ROOT);
      Struct tls = server.struct("tls");
      boolean https = protocol.equals("HTTPS");
      if (!https && !List.of("HTTP", "HTTP2", "GRPC").contains(protocol)) {
        problems.add("port %d: protocol %s is not served here".formatted(port, protocol));
        continue;
      }
      TlsSettings certificate = null;
      if (https) {
        certificate = certificate(tls, namespace, port, secrets, problems);
        if (certificate == null) {
          continue;
        }
      }
      servers.add(
          new Server(
              key,
              namespace,
              port,
              server.strings("hosts"),
              certificate,
              tls.bool("httpsRedirect") && !https));
    }
    return servers;
  }

  private static @Nullable TlsSettings certificate(
      Struct tls,
      String namespace,
      int port,
      BiFunction<String, String, @Nullable Struct> secrets,
      Set<String> problems) {
    String mode = tls.string("mode");
    if (!mode.equals("SIMPLE")) {
      problems.add("port %d: TLS mode %s is not served here".formatted(port, mode));
      return null;
    }
    String name = tls.string("credentialName");
    Struct own = secrets.apply(namespace, name);
    Struct secret = own == null ? secrets.apply(SHARED, name) : own;
    if (secret == null) {
      problems.add(
          "port %d: there is no Secret %s of type kubernetes.io/tls".formatted(port, name));
      return null;
    }
    try {
      return TlsSecrets.read(secret);
    } catch (IllegalArgumentException e) {
      problems.add("port %d: Secret %s is not used: %s".formatted(port, name, e.getMessage()));
      return null;
    }
  }
}
