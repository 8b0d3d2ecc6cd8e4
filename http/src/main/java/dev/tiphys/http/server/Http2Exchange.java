package dev.tiphys.http.server;

import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One request over HTTP/2.
final class Http2Exchange extends AnswerOnce implements IncomingContent.Source {

  private final Http2Connection connection;
  private final ChannelHandlerContext context;
  private final int id;
  private final Http2Headers headers;
  private final IncomingContent content;
  private final boolean endsWithHead;
  private volatile @Nullable OutgoingStream stream;
  private volatile boolean gone;

  /// @param endsWithHead whether no content follows the head
  Http2Exchange(
      Http2Connection connection,
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      boolean endsWithHead,
      Dispatcher dispatcher) {
    this.endsWithHead = endsWithHead;
    this.connection = connection;
    this.context = context;
    this.id = id;
    this.headers = headers;
    this.content = new IncomingContent(dispatcher.world(), this, dispatcher.largestContent());
    content.announced(headers.getLong("content-length", 0));
  }

  /// Whether header fields are those of a request (RFC 9113, 8.3.1).
  static boolean isProper(Http2Headers headers) {
    String path = text(headers.path());
    return !text(headers.method()).isEmpty()
        && !text(headers.scheme()).isEmpty()
        && (path.startsWith("/") || path.equals("*"));
  }

  @Override
  public String method() {
    return text(headers.method());
  }

  @Override
  public String path() {
    String target = text(headers.path());
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  @Override
  public String query() {
    String target = text(headers.path());
    int question = target.indexOf('?');
    return question < 0 ? "" : target.substring(question + 1);
  }

  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : value.toString();
  }

  @Override
  public @Nullable String header(String name) {
    CharSequence value = headers.get(name.toLowerCase(Locale.ROOT));
    return value == null ? null : value.toString();
  }

  @Override
  public List<String> headers(String name) {
    return headers.getAll(name.toLowerCase(Locale.ROOT)).stream()
        .map(CharSequence::toString)
        .toList();
  }

  @Override
  public List<String> headerNames() {
    List<String> names = new ArrayList<>();
    for (CharSequence name : headers.names()) {
      if (name.charAt(0) != ':') {
        names.add(name.toString());
      }
    }
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
    return headers.getLong("content-length", endsWithHead ? 0 : -1);
  }

  @Override
  public String authority() {
    String authority = text(headers.authority());
    return authority.isEmpty() ? text(headers.get("host")) : authority;
  }

  @Override
  public void demanded() {
    if ("100-continue".equalsIgnoreCase(header("expect"))) {
      connection
          .outbox()
          .put(
              () -> {
                if (!isAnswered() && !content.isComplete()) {
                  connection
                      .encoder()
                      .writeHeaders(
                          context, id, head(100, List.of()), 0, false, context.newPromise());
                }
              });
    }
  }

  @Override
  public void consumed(int length) {
    connection.contentConsumed(context, id, length);
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  void handled() {
    connection.handled();
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
    return "HTTP/2.0";
  }

  @Override
  void send(Response response) {
    ByteBuf body = response.body().content();
    connection
        .outbox()
        .put(
            () -> {
              Http2Headers head = head(response.status(), response.headers());
              int length = body.readableBytes();
              boolean told = head.contains("content-length");
              if (!told && response.status() != 204 && response.status() != 304) {
                head.setInt("content-length", length);
              }
              boolean empty = length == 0 || method().equals("HEAD");
              ChannelPromise sent = context.newPromise();
              connection.answerBegun(length);
              sent.addListener(_ -> connection.answerEnded(length));
              if (empty) {
                body.release();
                connection.encoder().writeHeaders(context, id, head, 0, true, sent);
              } else {
                connection
                    .encoder()
                    .writeHeaders(context, id, head, 0, false, context.newPromise());
                connection.encoder().writeData(context, id, body, 0, true, sent);
              }
              sent.addListener(_ -> stopContent());
            });
  }

  /// The answer is complete: content that is still to come is not wanted. Event loop.
  private void stopContent() {
    content.abandon();
    if (!content.isComplete() && !gone) {
      connection
          .encoder()
          .writeRstStream(context, id, Http2Error.NO_ERROR.code(), context.newPromise());
      connection.flush(context);
    }
  }

  private static Http2Headers head(int status, List<Header> headers) {
    Http2Headers head = new DefaultHttp2Headers(false, headers.size() + 2);
    head.status(Integer.toString(status));
    for (Header header : headers) {
      head.add(header.name().toLowerCase(Locale.ROOT), header.bytes());
    }
    return head;
  }

  @Override
  ResponseStream sendStream(int status, List<Header> headers) {
    OutgoingStream outgoing = new Data();
    stream = outgoing;
    connection
        .outbox()
        .put(
            () -> {
              connection.answered();
              connection
                  .encoder()
                  .writeHeaders(context, id, head(status, headers), 0, false, context.newPromise());
            });
    if (gone) {
      outgoing.over();
    }
    return outgoing;
  }

  @Override
  Tunnel switchProtocol(List<Header> headers) {
    throw new IllegalStateException("HTTP/2 has no upgrades");
  }

  @Override
  ResponseStream switchToMessages(List<Header> headers, boolean text) {
    throw new IllegalStateException("HTTP/2 has no upgrades");
  }

  /// The stream is gone. Event loop.
  void disconnected() {
    gone = true;
    content.broken();
    OutgoingStream outgoing = stream;
    if (outgoing != null) {
      outgoing.over();
    }
  }

  /// A body in data frames.
  private final class Data extends OutgoingStream {
    @Override
    void put(ByteBuf piece, int length) {
      connection
          .outbox()
          .put(
              () ->
                  connection
                      .encoder()
                      .writeData(context, id, piece, 0, false, context.newPromise())
                      .addListener(done -> sent(length)));
    }

    @Override
    void putEnd() {
      connection
          .outbox()
          .put(
              () -> {
                connection
                    .encoder()
                    .writeData(context, id, Unpooled.EMPTY_BUFFER, 0, true, context.newPromise())
                    .addListener(_ -> stopContent());
                over();
              });
    }

    @Override
    public void abort() {
      connection
          .outbox()
          .put(
              () ->
                  connection
                      .encoder()
                      .writeRstStream(
                          context, id, Http2Error.INTERNAL_ERROR.code(), context.newPromise()));
    }
  }
}
