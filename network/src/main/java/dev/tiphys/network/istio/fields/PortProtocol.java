package dev.tiphys.network.istio.fields;

import dev.tiphys.object.Struct;
import java.util.Locale;

/// What is spoken at a port, as its `appProtocol` says, or its `protocol` in a ServiceEntry or
/// Gateway, or its name up to the first hyphen.
public enum PortProtocol {
  HTTP,
  HTTP_2,
  /// Anything else, which is not looked into.
  OTHER;

  /// A port that says nothing is taken for one of HTTP.
  public static PortProtocol of(Struct port) {
    String transport = port.string("protocol");
    if (transport.equals("UDP") || transport.equals("SCTP")) {
      return OTHER;
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
      case "http2", "grpc", "kubernetes.io/h2c", "h2c" -> HTTP_2;
      case "tcp",
          "tls",
          "https",
          "udp",
          "mysql",
          "mongo",
          "redis",
          "postgres",
          "amqp",
          "kafka",
          "kubernetes.io/wss" ->
          OTHER;
      default -> HTTP;
    };
  }
}
