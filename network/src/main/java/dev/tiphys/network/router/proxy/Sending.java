package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Upstream;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Mirror;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request on its way to endpoints: what of it was sent to the one that has it now, what can be
/// sent to another one, and the copies that are sent besides.
///
/// The content is pulled from the client only when there is a connection with room for it.
///
/// Threads: the event loop.
final class Sending {

  private final ClientStream client;
  private final RequestHead head;
  private final Action.Forward forward;
  private final Patience patience;
  private final Replay replay = new Replay();
  private final List<Mirroring> copies = new ArrayList<>(0);
  private boolean sent;

  Sending(ClientStream client, RequestHead head, Action.Forward forward, Patience patience) {
    this.client = client;
    this.head = head;
    this.forward = forward;
    this.patience = patience;
  }

  /// The request has no content, whatever the client has sent.
  void withoutContent() {
    replay.keep(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// Sends copies where it is drawn that there are any.
  void copy(Worker worker) {
    for (Mirror mirror : forward.mirrors()) {
      if (mirror.isDrawn(worker.random())) {
        Mirroring copy = Mirroring.begin(worker, mirror.backend(), head.request(), client::reaches);
        if (copy != null) {
          copies.add(copy);
        }
      }
    }
  }

  /// Sends what is there, once there is a connection, and asks for the rest.
  void begin(Upstream to) {
    to.write(head.request());
    replay.writeTo(to);
    sent = client.isReceived();
    patience.awaitEndpoint(false);
    if (!sent) {
      client.pull();
    }
  }

  /// It is to be sent to another endpoint.
  void beginAgain() {
    sent = false;
  }

  /// Notes a part of the content for copies, and for other endpoints unless one responds.
  void keep(HttpContent content, boolean responding) {
    copies.forEach(each -> each.onRequestContent(content));
    if (forward.retries().tries() > 1 && !responding) {
      replay.keep(content);
    } else {
      replay.drop();
    }
  }

  /// Passes on a part of the content.
  void pass(HttpContent content, Upstream to, boolean responding) {
    boolean last = content instanceof LastHttpContent;
    to.write(content);
    if (last) {
      sent = true;
      to.flush();
      patience.awaitEndpoint(responding);
      if (!head.asksForUpgrade()) {
        client.pull(); // to learn when the client goes
      }
    } else if (to.isWritable()) {
      patience.awaitEndpoint(responding);
      client.pull();
    } else {
      to.flush();
    }
  }

  /// There is room again at the endpoint.
  void onWritable(boolean responding) {
    if (!sent) {
      patience.awaitEndpoint(responding);
      client.pull();
    }
  }

  /// Whether all of it was sent.
  boolean isSent() {
    return sent;
  }

  /// Whether the client is awaited: there is room for more than it has sent.
  boolean awaitsClient(@Nullable Upstream to) {
    return !sent && to != null && to.isWritable();
  }

  /// Whether it can be sent once more.
  boolean isRepeatable() {
    return replay.isWhole();
  }

  /// It will not be sent once more.
  void forget() {
    replay.drop();
  }

  /// Nothing more comes of it.
  void end() {
    replay.drop();
    copies.forEach(Mirroring::cut);
  }
}
