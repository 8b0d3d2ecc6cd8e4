package dev.tiphys.apiserver.streaming;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.WebSocket;
import dev.tiphys.http.client.UpgradedConnection;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/// How a client wants to speak in a session.
sealed interface SessionProtocol {

  /// The subprotocol of [Streams].
  String STREAMS = "v5.channel.k8s.io";

  /// The subprotocol of [Tunnelled].
  String TUNNELLED = "SPDY/3.1+portforward.k8s.io";

  /// The subprotocols of WebSockets that agents speak, for commands and for ports.
  List<String> OF_COMMANDS =
      List.of(
          "v4.channel.k8s.io",
          "v4.base64.channel.k8s.io",
          "channel.k8s.io",
          "base64.channel.k8s.io");

  List<String> OF_PORTS = List.of("v4.channel.k8s.io", "v4.base64.channel.k8s.io");

  /// As agents do: the connection is passed on as it is.
  ///
  /// @param headers by which the agent is asked
  record AsItIs(List<Header> headers) implements SessionProtocol {}

  /// With a WebSocket whose messages belong to streams that end one by one: agents speak SPDY
  /// instead.
  record Streams() implements SessionProtocol {}

  /// With SPDY inside the messages of a WebSocket.
  record Tunnelled() implements SessionProtocol {}

  /// Chooses among what the client offers. Of several forms of WebSockets the agent is asked for
  /// one alone: the first that it speaks, whatever else the client has.
  ///
  /// @param ports whether ports are to be forwarded, not a command run
  /// @throws ApiException `BAD_REQUEST` if the handshake of a WebSocket cannot be accepted
  static SessionProtocol choose(Exchange exchange, boolean ports) {
    List<Header> headers = UpgradedConnection.upgradeHeaders(exchange);
    if (!WebSocket.isAskedFor(exchange)) {
      return new AsItIs(headers);
    }
    String fault = WebSocket.fault(exchange);
    if (!fault.isEmpty()) {
      throw ApiException.badRequest(fault);
    }
    List<String> offered = WebSocket.offered(exchange);
    if (offered.contains(ports ? TUNNELLED : STREAMS)) {
      return ports ? new Tunnelled() : new Streams();
    }
    List<String> spoken = ports ? OF_PORTS : OF_COMMANDS;
    return offered.stream()
        .filter(spoken::contains)
        .findFirst()
        .map(chosen -> new AsItIs(offering(chosen, headers)))
        .orElse(new AsItIs(headers));
  }

  private static List<Header> offering(String protocol, List<Header> headers) {
    List<Header> changed = new ArrayList<>();
    for (Header header : headers) {
      boolean offer = header.name().equalsIgnoreCase("sec-websocket-protocol");
      changed.add(offer ? new Header(header.name(), protocol) : header);
    }
    return changed;
  }
}
