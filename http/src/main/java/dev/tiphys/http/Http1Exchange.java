package dev.tiphys.http;

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
final class Http1Exchange extends AnswerOnce {

  private final Http1Connection connection;
  private final ChannelHandlerContext context;
  private final HttpRequest request;
  private final byte[] body;
  private final boolean tooLarge;
  private volatile @Nullable OutgoingStream stream;

  Http1Exchange(
      Http1Connection connection,
      ChannelHandlerContext context,
      HttpRequest request,
      byte[] body,
      boolean tooLarge) {
    this.connection = connection;
    this.context = context;
    this.request = request;
    this.body = body;
    this.tooLarge = tooLarge;
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    int question = request.uri().indexOf('?');
    return question < 0 ? request.uri() : request.uri().substring(0, question);
  }

  @Override
  public String query() {
    int question = request.uri().indexOf('?');
    return question < 0 ? "" : request.uri().substring(question + 1);
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
  public byte[] body() {
    return body;
  }

  @Override
  public boolean tooLarge() {
    return tooLarge;
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

  private boolean keepsAlive() {
    return Http1Connection.keepsAlive(request) && !tooLarge;
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
              addHeaders(message, response.headers());
              if (response.status() != 204 && response.status() != 304) {
                message.headers().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
              }
              context.write(message);
              finish();
            });
  }

  /// An answer to HEAD tells how long the content would be, and leaves it out.
  private static ByteBuf nothing(ByteBuf content) {
    content.release();
    return Unpooled.EMPTY_BUFFER;
  }

  private void addHeaders(HttpResponse message, List<Header> headers) {
    headers.forEach(header -> message.headers().add(header.name(), header.value()));
    if (!keepsAlive()) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  /// The last write was put out: the connection goes on with the next request. Event loop.
  private void finish() {
    if (keepsAlive()) {
      connection.answered(context, true);
    } else {
      context
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(done -> connection.answered(context, false));
    }
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
              addHeaders(message, headers);
              message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
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
            () ->
                context
                    .writeAndFlush(switching(headers))
                    .addListener(done -> tunnel.takeOver(context.pipeline())));
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
              messages.takeOver(context.pipeline());
            });
    return messages;
  }

  private static DefaultFullHttpResponse switching(List<Header> headers) {
    DefaultFullHttpResponse message =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    headers.forEach(header -> message.headers().add(header.name(), header.value()));
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
