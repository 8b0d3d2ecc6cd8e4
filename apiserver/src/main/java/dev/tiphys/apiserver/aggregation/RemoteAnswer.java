package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.proxy.Backend;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.http.Header;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.ResponseHead;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// What the server of a group answers to a question that this server has itself.
///
/// @param tag what tells the content from earlier ones; empty if the server gives none
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record RemoteAnswer(int status, String tag, byte[] content) {

  /// How long a server may take for its answer.
  private static final int MILLIS = 5_000;

  /// Asks for what stands at a path, in JSON.
  ///
  /// @param known the tag of what is known of it already; empty if nothing is
  /// @throws WebhookException if the server can't be found
  /// @throws IOException if it does not answer
  static RemoteAnswer of(RemoteServers servers, RemoteGroup group, String path, String known)
      throws WebhookException, IOException {
    Backend backend = servers.backend(group);
    try (Socket socket = backend.connect();
        ClientConnection connection = new ClientConnection(socket, "GET")) {
      socket.setSoTimeout(MILLIS);
      List<Header> headers = new ArrayList<>(RemoteServers.ownIdentity());
      headers.add(new Header("Host", backend.authority()));
      headers.add(new Header("Accept", "application/json"));
      if (!known.isEmpty()) {
        headers.add(new Header("If-None-Match", known));
      }
      connection.send(new RequestTarget(path), headers);
      ResponseHead head = connection.answer(() -> true);
      byte[] content = connection.content(head).readAllBytes();
      String tag = head.header("etag");
      return new RemoteAnswer(head.status(), tag == null ? "" : tag, content);
    }
  }

  boolean isGood() {
    return status >= 200 && status < 300;
  }
}
