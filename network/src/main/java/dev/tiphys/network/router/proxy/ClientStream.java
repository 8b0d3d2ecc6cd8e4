package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.connections.PulledChannel;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.backends.EndpointAccess;
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
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.handler.ssl.SslHandler;
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

  /// When a response ends before its request, so much more of the request is read and dropped to
  /// keep the connection.
  private static final int MOST_DROPPED = 256 << 10;

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
  private final ClientResponse response;
  private @Nullable HttpRequest early;
  private boolean received;
  private boolean draining;
  private long dropped;
  private long content;
  private long mostContent = Long.MAX_VALUE;

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

  /// A request of HTTP/2 that has no content comes in one piece: here it comes in two, as the
  /// others do, since its head may be sent more than once.
  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (!(message instanceof FullHttpRequest whole)) {
      super.channelRead(from, message);
      return;
    }
    HttpRequest request =
        new DefaultHttpRequest(
            whole.protocolVersion(), whole.method(), whole.uri(), whole.headers());
    request.setDecoderResult(whole.decoderResult());
    super.channelRead(from, request);
    super.channelRead(from, new DefaultLastHttpContent(whole.content(), whole.trailingHeaders()));
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
        if (part instanceof HttpContent content && !received) {
          received = content instanceof LastHttpContent;
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
    content += part.content().readableBytes();
    Exchange exchange = dispatch.exchange();
    if (exchange == null) {
      part.release();
    } else if (content > mostContent) {
      part.release();
      exchange.refuse(413);
    } else {
      exchange.onRequestContent(part);
    }
  }

  private void dropContent(Object part) {
    if (part instanceof HttpContent content) {
      dropped += content.content().readableBytes();
      received = content instanceof LastHttpContent;
    }
    boolean broken = part instanceof HttpContent content && content.decoderResult().isFailure();
    ReferenceCountUtil.release(part);
    if (broken || dropped > MOST_DROPPED) {
      linger();
    } else if (!received) {
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
    received = false;
    dropped = 0;
    content = 0;
    mostContent = Long.MAX_VALUE;
    response.clear();
    if (isHttp2()) { // what the codec tells of the stream
      for (ExtensionHeaderNames each : ExtensionHeaderNames.values()) {
        request.headers().remove(each.text());
      }
    }
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
    mostContent = most;
  }

  /// Where the client's connection comes from; of a stream, that which it belongs to.
  SocketAddress remoteAddress() {
    return channel().remoteAddress();
  }

  /// Answers what is not proper HTTP; where the next request would begin is not known.
  private void refuse(int status) {
    response.keepNot();
    received = true;
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
    return received;
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
    response.begin(head, received, context());
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
    FullHttpResponse own = response.own(answer, worker.world().now(), received);
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
    } else if (!response.keeps() && received) {
      phase = Phase.CLOSE;
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else if (!response.keeps()) {
      linger();
    } else {
      flush();
      if (received) {
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
    if (received) {
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
    context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            _ -> {
              SslHandler tls = channel().pipeline().get(SslHandler.class);
              if (tls != null) {
                tls.closeOutbound();
              } else if (channel() instanceof SocketChannel socket) {
                socket.shutdownOutput();
              } else {
                context().close();
              }
            });
    pull();
  }

  private void dropEarly() {
    ReferenceCountUtil.release(early);
    early = null;
    dropRest();
  }
}
