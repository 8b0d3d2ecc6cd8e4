package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Upstream;
import dev.tiphys.network.router.message.HopByHop;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Action;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// A response on its way from an endpoint to the client.
///
/// The content is pulled from the endpoint only when the client has room, and no faster than its
/// pace allows.
///
/// Threads: the event loop.
final class Responding {

  private final ClientStream client;
  private final Worker worker;
  private final RequestHead head;
  private final Action.Forward forward;
  private final Account account;
  private final Patience patience;
  private final Tries tries;
  private final Runnable whole;
  private int status;
  private boolean interim;
  private boolean begun;
  private boolean keepable;
  private @Nullable HttpContent held; // until it is its time

  /// @param whole is run once the last of it was written
  Responding(
      ClientStream client,
      Worker worker,
      RequestHead head,
      Action.Forward forward,
      Account account,
      Patience patience,
      Tries tries,
      Runnable whole) {
    this.client = client;
    this.worker = worker;
    this.head = head;
    this.forward = forward;
    this.account = account;
    this.patience = patience;
    this.tries = tries;
    this.whole = whole;
  }

  /// Whether the client has been sent its head.
  boolean hasBegun() {
    return begun;
  }

  int status() {
    return status;
  }

  /// Whether its endpoint keeps the connection.
  boolean isKeepable() {
    return keepable;
  }

  /// Passes on one that another one follows (RFC 9110, 15.2).
  void passInterim(HttpResponse response) {
    interim = true;
    HopByHop.remove(response.headers());
    client.interim(response);
    pull();
  }

  /// Passes on the head.
  void begin(HttpResponse response, Turn turn) {
    begun = true;
    status = response.status().code();
    Upstream from = tries.upstream();
    keepable =
        from != null && (from.isStream() || HttpUtil.isKeepAlive(response) && hasEnd(response));
    HopByHop.remove(response.headers());
    Outgoing.edit(response.headers(), forward.response());
    turn.tell(response.headers());
    client.respond(response);
    patience.awaitEndpoint(true);
    pull();
  }

  /// Whether the end of a response is told by something else than the end of the connection (RFC
  /// 9112, 6.3).
  private boolean hasEnd(HttpResponse response) {
    return HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response)
        || status == 204
        || status == 304
        || head.isHead();
  }

  /// Leaves out a part of the content if it belongs to an interim response.
  boolean isOfInterim(HttpContent content) {
    if (!interim) {
      return false;
    }
    interim = !(content instanceof LastHttpContent);
    content.release();
    pull();
    return true;
  }

  /// Passes on what may be by now, and the rest later.
  void pass(HttpContent content) {
    int allowed = account.allowed();
    if (content.content().readableBytes() > allowed) {
      account.sent(allowed);
      client.write(new DefaultHttpContent(content.content().readRetainedSlice(allowed)));
      client.flush();
      held = content;
      patience.awaitNothing();
      worker.world().background().schedule(Pace.STEP, () -> worker.loop().execute(this::passHeld));
      return;
    }
    boolean last = content instanceof LastHttpContent;
    account.sent(content.content().readableBytes());
    client.write(content);
    if (last) {
      whole.run();
    } else if (client.isWritable()) {
      patience.awaitEndpoint(begun);
      pull();
    } else {
      client.flush();
    }
  }

  private void passHeld() {
    HttpContent next = held;
    held = null;
    if (next != null) {
      pass(next);
    }
  }

  /// The client has room again.
  void onWritable() {
    if (begun && tries.upstream() != null && held == null) {
      patience.awaitEndpoint(true);
      pull();
    }
  }

  /// There is nothing more of it for now.
  void onPause() {
    if (begun) {
      client.flush();
    }
  }

  private void pull() {
    Upstream from = tries.upstream();
    if (from != null) {
      from.pull();
    }
  }

  /// Nothing more of it is passed on.
  void end() {
    ReferenceCountUtil.release(held);
    held = null;
  }
}
