package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.backends.EndpointAccess;
import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.connections.PulledChannel;
import dev.tiphys.network.router.message.Answer;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.message.RefusedException;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.message.ResponseWriter;
import dev.tiphys.network.router.table.ErrorPages;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a client sends and is sent: a connection of HTTP/1.1, on which requests are answered one
/// after the other, or one stream of HTTP/2.
///
/// Threads: the event loop.
final class ClientStream extends PulledChannel {

  static final String DECODER = "requests";
  static final String ENCODER = "responses";

  /// What is waited for.
  private enum Phase {
    /// The head of a request.
    HEAD,
    /// The end of the response.
    RESPONSE,
    /// The end of the request, which was answered already.
    REST_OF_REQUEST,
    /// That the client closes the connection.
    CLOSE
  }

  private final Worker worker;
  private final Listener listener;
  private final Forwarded forwarded;
  private final @Nullable ResponseWriter writer; // null on a stream of HTTP/2
  private final Deadlines.Deadline deadline;
  private Phase phase = Phase.HEAD;
  private final Dispatch dispatch;
  private final Incoming incoming = new Incoming();
  private final ClientResponse response;
  private @Nullable HttpRequest early;
  private boolean draining;

  ClientStream(
      Worker worker, Listener listener, Forwarded forwarded, @Nullable ResponseWriter writer) {
    this.worker = worker;
    this.listener = listener;
    this.forwarded = forwarded;
    this.writer = writer;
    this.response = new ClientResponse(writer == null);
    this.dispatch = new Dispatch(this, worker, listener, forwarded);
    this.deadline = worker.deadlines().add(this::onOverdue);
  }

  private boolean isHttp2() {
    return writer == null;
  }

  // What comes in

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    super.handlerAdded(added);
    added.channel().config().setAutoRead(false);
    deadline.in(worker.settings().headTimeout());
    if (added.channel().isActive()) {
      pull();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    pull();
  }

  @Override
  protected void onPart(Object part) {
    switch (phase) {
      case HEAD -> {
        if (part instanceof HttpRequest request) {
          begin(request);
        } else {
          ReferenceCountUtil.release(part);
          pull();
        }
      }
      case RESPONSE -> {
        if (part instanceof HttpContent content && !incoming.isWhole()) {
          onContent(content);
        } else if (part instanceof HttpRequest next) {
          early = next; // it is not asked for more until its turn has come
        } else {
          ReferenceCountUtil.release(part);
        }
      }
      case REST_OF_REQUEST -> dropContent(part);
      case CLOSE -> {
        ReferenceCountUtil.release(part);
        pull();
      }
    }
  }

  private void onContent(HttpContent part) {
    boolean allowed = incoming.take(part);
    if (part.decoderResult().isFailure()) {
      response.keepNot(); // where the next request would begin is not known
    }
    Exchange exchange = dispatch.exchange();
    if (exchange == null) {
      part.release();
    } else if (!allowed) {
      part.release();
      exchange.refuse(413);
    } else {
      exchange.onRequestContent(part);
    }
  }

  private void dropContent(Object part) {
    boolean goesOn = !(part instanceof HttpContent content) || incoming.drop(content);
    ReferenceCountUtil.release(part);
    if (!goesOn) {
      linger();
    } else if (!incoming.isWhole()) {
      pull();
    } else if (isHttp2()) {
      phase = Phase.CLOSE;
      deadline.in(Duration.ZERO);
      pull();
    } else {
      next();
    }
  }

  private void begin(HttpRequest request) {
    phase = Phase.RESPONSE;
    deadline.in(Duration.ZERO);
    incoming.begin();
    response.clear();
    RequestHead asked;
    try {
      asked = RequestHead.of(request, forwarded.scheme(), channel().remoteAddress());
    } catch (RefusedException e) {
      refuse(e.status());
      return;
    }
    response.begin(asked, HttpUtil.isKeepAlive(request) && !draining);
    if (writer != null) {
      writer.toHead(asked.isHead());
    }
    dispatch.begin(asked, isHttp2());
  }

  /// Shows the client a page in the place of an answer that failed.
  void showPage(RequestHead page, ErrorPages errors, Account account) {
    dispatch.showPage(page, errors, account);
  }

  /// Has headers of the response to the present request changed.
  void editResponse(HeaderEdits more) {
    response.edit(more);
  }

  /// Whether the client may reach an endpoint. What doesn't come by IP is not looked at.
  boolean reaches(Endpoint endpoint) {
    return listener.access() == EndpointAccess.ALL
        || !(remoteAddress() instanceof InetSocketAddress from)
        || listener.access().covers(from.getAddress(), endpoint.address());
  }

  /// Has the response changed, if an endpoint gives it.
  void changeResponse(Consumer<Passage.Headers> change) {
    response.change(change);
  }

  void limitContent(long most) {
    incoming.limit(most);
  }

  /// Where the client's connection comes from; of a stream, that which it belongs to.
  SocketAddress remoteAddress() {
    return channel().remoteAddress();
  }

  /// Answers what is not proper HTTP; where the next request would begin is not known.
  private void refuse(int status) {
    response.keepNot();
    incoming.end();
    context().write(Answer.page(status).response(worker.world().now(), false));
    linger();
  }

  @Override
  protected void onEnd() {
    deadline.drop();
    dropEarly();
    dispatch.cut();
  }

  @Override
  protected void onPause() {
    Exchange exchange = dispatch.exchange();
    if (exchange != null) {
      exchange.onClientPause();
    }
  }

  @Override
  protected void onWritability(boolean writable) {
    Exchange exchange = dispatch.exchange();
    if (writable && exchange != null) {
      exchange.onClientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event == HttpRouter.DRAIN) {
      draining = true;
      response.keepNot();
      if (phase == Phase.HEAD) {
        close();
      }
    }
  }

  private void onOverdue() {
    if (phase == Phase.REST_OF_REQUEST) {
      linger();
    } else {
      close();
    }
  }

  // What goes out

  /// Whether the whole request has come.
  boolean isReceived() {
    return incoming.isWhole();
  }

  boolean isWritable() {
    return channel().isWritable();
  }

  void flush() {
    response.writeHeld(context());
    context().flush();
  }

  /// Passes on a response that comes before the response.
  void interim(HttpResponse before) {
    response.interim(before, context());
  }

  /// Passes on the head of the response, from which what was for one connection was removed.
  void respond(HttpResponse head) {
    response.begin(head, incoming.isWhole(), context());
  }

  /// Passes on a part of the response's content.
  void write(HttpContent part) {
    response.write(part, context());
  }

  /// Both sides agreed to speak another protocol: says so to the client.
  void switchProtocols(HttpResponse agreed) {
    dispatch.end();
    early = null;
    deadline.drop();
    context()
        .write(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                agreed.status(),
                Unpooled.EMPTY_BUFFER,
                agreed.headers(),
                agreed.headers().copy().clear()));
  }

  /// Writes bytes from now on.
  void endWritingHttp() {
    channel().pipeline().remove(ENCODER);
  }

  /// Reads bytes from now on.
  ///
  /// @param next takes those that were read already
  void endReadingHttp(Consumer<ByteBuf> next) {
    leave(next);
    channel().pipeline().remove(this);
    channel().pipeline().remove(DECODER); // hands on what it has read too far
  }

  /// Answers a request by itself.
  void answer(Answer answer, Account account) {
    dispatch.end();
    if (answer.status() == 408) {
      response.keepNot(); // the rest is not waited for (RFC 9110, 15.5.9)
    }
    FullHttpResponse own = response.own(answer, worker.world().now(), incoming.isWhole());
    account.sent(own.content().readableBytes());
    account.end(answer.status());
    context().write(own);
    finished();
  }

  /// The whole response was written.
  void finished() {
    dispatch.end();
    if (isHttp2()) {
      finishStream();
    } else if (!response.keeps() && incoming.isWhole()) {
      phase = Phase.CLOSE;
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else if (!response.keeps()) {
      linger();
    } else {
      flush();
      if (incoming.isWhole()) {
        next();
      } else {
        phase = Phase.REST_OF_REQUEST;
        deadline.in(worker.settings().headTimeout());
        pull();
      }
    }
  }

  /// A stream whose request does not end soon is reset: what would come of it is needed no longer
  /// (RFC 9113, 8.1). Not at once, since the end may be right behind, and a reset might overtake
  /// the response in what its receiver has not read yet.
  private void finishStream() {
    context().writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (incoming.isWhole()) {
      phase = Phase.CLOSE;
    } else {
      phase = Phase.REST_OF_REQUEST;
      deadline.in(worker.settings().lingering());
    }
    pull();
  }

  private void next() {
    phase = Phase.HEAD;
    response.clear();
    deadline.in(worker.settings().idleTimeout());
    HttpRequest waiting = early;
    early = null;
    if (waiting != null) {
      begin(waiting);
    } else {
      pull();
    }
  }

  /// The response can't be finished: the client must see that it is not whole.
  void abort() {
    dispatch.end();
    close();
  }

  private void close() {
    phase = Phase.CLOSE;
    context().close();
  }

  /// Closes the connection once the client has had a chance to read the response: to close it while
  /// the client still sends would reset it, and the response would be lost (RFC 9112, 9.6).
  private void linger() {
    phase = Phase.CLOSE;
    dropRest();
    deadline.in(worker.settings().lingering());
    endOutput();
    pull();
  }

  private void dropEarly() {
    ReferenceCountUtil.release(early);
    early = null;
    dropRest();
  }
}
