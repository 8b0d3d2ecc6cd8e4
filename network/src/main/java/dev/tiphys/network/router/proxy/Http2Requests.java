package dev.tiphys.network.router.proxy;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;

/// Makes requests of HTTP/2 like others: what the codec tells of the stream is taken out of the
/// head, and a request without content, which comes in one piece, goes on in two, since its head
/// may be sent more than once.
///
/// Threads: any; it has no state.
@Sharable
final class Http2Requests extends ChannelInboundHandlerAdapter {

  static final Http2Requests ALL = new Http2Requests();

  private Http2Requests() {}

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (message instanceof HttpRequest request) {
      for (ExtensionHeaderNames each : ExtensionHeaderNames.values()) {
        request.headers().remove(each.text());
      }
    }
    if (!(message instanceof FullHttpRequest whole)) {
      from.fireChannelRead(message);
      return;
    }
    HttpRequest head =
        new DefaultHttpRequest(
            whole.protocolVersion(), whole.method(), whole.uri(), whole.headers());
    head.setDecoderResult(whole.decoderResult());
    from.fireChannelRead(head);
    from.fireChannelRead(new DefaultLastHttpContent(whole.content(), whole.trailingHeaders()));
  }
}
