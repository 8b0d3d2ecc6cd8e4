package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;
import java.util.Locale;

/// What is spoken at a port, as its `appProtocol` says, or its `protocol` in a ServiceEntry or
/// Gateway, or its name up to the first hyphen.
public enum PortProtocol {
  HTTP,
  HTTP_2,
  /// It is HTTP if the first bytes of a connection say so.
  UNSAID,
  /// TLS that goes through to the endpoints.
  TLS,
  /// Anything else on TCP, which is not looked into.
  TCP,
  /// Nothing that has connections.
  NONE;

  /// Whether requests are read, at least if there are any.
  public boolean mayBeHttp() {
    return this == HTTP || this == HTTP_2 || this == UNSAID;
  }

  /// What a port says. One of a ServiceEntry or Gateway says it in `protocol`.
  public static PortProtocol of(Struct port) {
    String transport = port.string("protocol");
    if (transport.equals("UDP") || transport.equals("SCTP")) {
      return NONE;
    }
    String said = port.string("appProtocol");
    if (said.isEmpty() && !transport.isEmpty() && !transport.equals("TCP")) {
      said = transport;
    }
    if (said.isEmpty()) {
      String name = port.string("name");
      int hyphen = name.indexOf('-');
      said =
          name.startsWith("grpc-web") ? "grpc-web" : hyphen < 0 ? name : name.substring(0, hyphen);
    }
    return switch (said.toLowerCase(Locale.ROOT)) {
      case "http", "grpc-web", "kubernetes.io/ws" -> HTTP;
      case "http2", "grpc", "kubernetes.io/h2c", "h2c" -> HTTP_2;
      case "tls", "https", "kubernetes.io/wss" -> TLS;
      case "tcp", "mysql", "mongo", "redis", "postgres", "amqp", "kafka" -> TCP;
      case "udp" -> NONE;
      default -> UNSAID;
    };
  }
}
