package dev.tiphys.http.server;

import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One request over HTTP/1.1.
final class Http1Exchange extends AnswerOnce implements IncomingContent.Source {

  private final Http1Connection connection;
  private final ChannelHandlerContext context;
  private final Http1Head head;
  private final HttpRequest request;
  private final IncomingContent content;
  private boolean continued;
  private boolean finished;
  private boolean unframed; // the answer ends where the connection does
  private volatile @Nullable OutgoingStream stream;

  Http1Exchange(
      Http1Connection connection,
      ChannelHandlerContext context,
      Dispatcher dispatcher,
      Http1Head head) {
    this.connection = connection;
    this.context = context;
    this.head = head;
    this.request = head.request();
    this.content = new IncomingContent(dispatcher.world(), this, dispatcher.largestContent());
    content.announced(head.contentLength());
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    String target = head.target();
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  @Override
  public String query() {
    String target = head.target();
    int question = target.indexOf('?');
    return question < 0 ? "" : target.substring(question + 1);
  }

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  @Override
  public List<String> headerNames() {
    List<String> names = new ArrayList<>();
    request.headers().names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  @Override
  public IncomingContent content() {
    return content;
  }

  @Override
  public IncomingContent unlimitedContent() {
    content.liftLimits();
    return content;
  }

  @Override
  public long contentLength() {
    return head.contentLength();
  }

  @Override
  public String authority() {
    String host = header("host");
    return host == null ? "" : host;
  }

  @Override
  public void demanded() {
    connection.outbox().put(this::sendContinue);
  }

  /// A client that asks first is told to send its content, once it is read.
  private void sendContinue() {
    if (head.expectsContinue() && !continued && !isReceived() && !isAnswered()) {
      continued = true;
      context.write(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  @Override
  public void consumed(int length) {
    connection.contentConsumed(context);
  }

  @Override
  public boolean isGone() {
    return !context.channel().isActive();
  }

  /// Whether all of the content has arrived.
  boolean isReceived() {
    return content.isComplete();
  }

  /// Whether the answer is complete. Event loop.
  boolean isFinished() {
    return finished;
  }

  @Override
  public InetSocketAddress remote() {
    return (InetSocketAddress) context.channel().remoteAddress();
  }

  @Override
  public List<X509Certificate> certificates() {
    return Tls.peer(context.pipeline().get(SslHandler.class));
  }

  @Override
  public String protocol() {
    return request.protocolVersion().text();
  }

  /// Whether another request may follow: not if so much of the content is still to come, or may
  /// never come, that it is cheaper to begin anew. Event loop.
  boolean keepsAlive() {
    if (!head.keepsAlive() || unframed || content.isBroken()) {
      return false;
    }
    boolean neverAsked = head.expectsContinue() && !continued;
    long left = head.contentLength() - content.received();
    return isReceived() || !neverAsked && left <= Http1Connection.MOST_DROPPED;
  }

  @Override
  void send(Response response) {
    ByteBuf content = response.body().content();
    connection
        .outbox()
        .put(
            () -> {
              int length = content.readableBytes();
              DefaultFullHttpResponse message =
                  new DefaultFullHttpResponse(
                      HttpVersion.HTTP_1_1,
                      HttpResponseStatus.valueOf(response.status()),
                      method().equals("HEAD") ? nothing(content) : content);
              addHeaders(message, response.headers(), keepsAlive());
              boolean told = message.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
              if (!told && response.status() != 204 && response.status() != 304) {
                message.headers().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
              }
              connection.liveness().answerBegun();
              context.write(message).addListener(_ -> connection.liveness().answerEnded());
              finish();
            });
  }

  /// An answer to HEAD tells how long the content would be, and leaves it out.
  private static ByteBuf nothing(ByteBuf content) {
    content.release();
    return Unpooled.EMPTY_BUFFER;
  }

  private static void addHeaders(HttpResponse message, List<Header> headers, boolean keepsAlive) {
    headers.forEach(header -> message.headers().add(header.name(), header.bytes()));
    if (!keepsAlive) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  /// The last write was put out: the connection goes on with the next request. Event loop.
  private void finish() {
    finished = true;
    connection.answered(context, this);
  }

  @Override
  ResponseStream sendStream(int status, List<Header> headers) {
    OutgoingStream outgoing = new Chunks();
    stream = outgoing;
    connection
        .outbox()
        .put(
            () -> {
              DefaultHttpResponse message =
                  new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
              boolean lengthTold =
                  headers.stream()
                      .anyMatch(header -> header.name().equalsIgnoreCase("content-length"));
              unframed = !lengthTold && !head.takesChunks();
              addHeaders(message, headers, keepsAlive());
              if (!lengthTold && !unframed) {
                message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
              }
              context.write(message);
            });
    if (!context.channel().isActive()) {
      outgoing.over();
    }
    return outgoing;
  }

  @Override
  Tunnel switchProtocol(List<Header> headers) {
    Http1Tunnel tunnel = new Http1Tunnel(context.channel());
    connection
        .outbox()
        .put(
            () -> {
              // in one step with the answer: what is written next must find HTTP gone already
              context.writeAndFlush(switching(headers));
              tunnel.takeOver(context.pipeline(), connection.liveness());
            });
    return tunnel;
  }

  @Override
  ResponseStream switchToMessages(List<Header> headers, boolean text) {
    MessageStream messages = new MessageStream(context.channel(), text);
    connection
        .outbox()
        .put(
            () -> {
              context.writeAndFlush(switching(headers));
              messages.takeOver(context.pipeline(), connection.liveness());
            });
    return messages;
  }

  private static DefaultFullHttpResponse switching(List<Header> headers) {
    DefaultFullHttpResponse message =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    headers.forEach(header -> message.headers().add(header.name(), header.bytes()));
    return message;
  }

  /// The connection is gone.
  void disconnected() {
    OutgoingStream outgoing = stream;
    if (outgoing != null) {
      outgoing.over();
    }
  }

  /// A body in chunks.
  private final class Chunks extends OutgoingStream {
    @Override
    void put(ByteBuf piece, int length) {
      connection
          .outbox()
          .put(
              () -> context.write(new DefaultHttpContent(piece)).addListener(done -> sent(length)));
    }

    @Override
    void putEnd() {
      connection
          .outbox()
          .put(
              () -> {
                context.write(LastHttpContent.EMPTY_LAST_CONTENT);
                over();
                finish();
              });
    }

    @Override
    public void abort() {
      context.close();
    }
  }
}
