package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The response to the present request of a client: what is changed of it, and how its end is told,
/// by which the connection is kept or not.
///
/// Threads: the event loop.
final class ClientResponse {

  private final boolean http2;
  private final List<HeaderEdits> edits = new ArrayList<>(0);
  private final List<Consumer<Passage.Headers>> changes = new ArrayList<>(0);
  private @Nullable RequestHead head;
  private boolean keep;

  /// The head of a response of HTTP/2, until it is known whether anything follows: with nothing to
  /// follow its frame ends the stream. Clients of gRPC tell a failed call by that.
  private @Nullable HttpResponse held;

  ClientResponse(boolean http2) {
    this.http2 = http2;
  }

  /// Nothing is known of the next request.
  void clear() {
    edits.clear();
    changes.clear();
    head = null;
  }

  /// A request is there that is to be answered.
  ///
  /// @param kept whether the client would go on with the connection
  void begin(RequestHead asked, boolean kept) {
    head = asked;
    keep = kept;
  }

  /// Whether the connection goes on behind the response.
  boolean keeps() {
    return keep;
  }

  /// The connection ends with the response.
  void keepNot() {
    keep = false;
  }

  void edit(HeaderEdits more) {
    edits.add(more);
  }

  /// Has the response changed, if an endpoint gives it.
  void change(Consumer<Passage.Headers> change) {
    changes.add(change);
  }

  /// Passes on a response that comes before the response (RFC 9110, 15.2).
  void interim(HttpResponse response, ChannelOutboundInvoker to) {
    if (!http2 && head != null && !head.takesChunks()) {
      return; // HTTP/1.0 knows none
    }
    var copy =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, response.status(), Unpooled.EMPTY_BUFFER);
    copy.headers().set(response.headers());
    to.writeAndFlush(copy);
  }

  /// Passes on the head of the response, from which what was for one connection was removed. How
  /// its end is told depends on what the client understands (RFC 9112, 6.3).
  ///
  /// @param received whether the whole request has come
  void begin(HttpResponse response, boolean received, ChannelOutboundInvoker to) {
    response.setProtocolVersion(HttpVersion.HTTP_1_1);
    edits.forEach(each -> Outgoing.edit(response.headers(), each));
    if (!changes.isEmpty()) {
      Passage.Headers headers = Outgoing.headers(response.headers());
      changes.forEach(each -> each.accept(headers));
    }
    int status = response.status().code();
    boolean empty = head != null && head.isHead() || status == 204 || status == 304;
    if (!empty && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      if (head != null && head.takesChunks()) {
        HttpUtil.setTransferEncodingChunked(response, true);
      } else {
        keep = false; // the end of the connection is the end of the response
      }
    }
    doubt(received);
    if (http2) {
      held = response;
      return;
    }
    tellKeeping(response);
    to.write(response);
  }

  /// Whether a client that waits for leave to send goes on with the content can't be known.
  private void doubt(boolean received) {
    if (!received && head != null && head.expectsContinue()) {
      keep = false;
    }
  }

  private void tellKeeping(HttpResponse response) {
    if (!keep) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (head != null && !head.takesChunks()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /// Passes on a part of the content.
  void write(HttpContent content, ChannelOutboundInvoker to) {
    HttpResponse before = held;
    if (before != null
        && content instanceof LastHttpContent last
        && !last.content().isReadable()
        && last.trailingHeaders().isEmpty()) {
      held = null;
      to.write(whole(before, last));
    } else {
      writeHeld(to);
      to.write(content);
    }
  }

  private static FullHttpResponse whole(HttpResponse response, LastHttpContent last) {
    return new DefaultFullHttpResponse(
        response.protocolVersion(),
        response.status(),
        last.content(),
        response.headers(),
        last.trailingHeaders());
  }

  /// What follows the head comes later.
  void writeHeld(ChannelOutboundInvoker to) {
    if (held != null) {
      to.write(held);
      held = null;
    }
  }

  /// A response that no endpoint gives.
  ///
  /// @param received whether the whole request has come
  FullHttpResponse own(Answer answer, Instant now, boolean received) {
    FullHttpResponse response = answer.response(now, head != null && head.isHead());
    edits.forEach(each -> Outgoing.edit(response.headers(), each));
    doubt(received);
    if (!http2) {
      tellKeeping(response);
    }
    return response;
  }
}
