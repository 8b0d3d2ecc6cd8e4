package dev.tiphys.network.router.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import java.time.Duration;

/// Ends a connection of HTTP/2 that has had no stream for some time.
///
/// Threads: the event loop.
final class IdleHttp2 extends ChannelInboundHandlerAdapter {

  private final Channel channel;
  private final Deadlines.Deadline deadline;
  private final Duration most;

  private IdleHttp2(Channel channel, Deadlines deadlines, Duration most) {
    this.channel = channel;
    this.deadline = deadlines.add(this::onOverdue);
    this.most = most;
  }

  /// @param channel has an [Http2FrameCodec] already
  static void watch(Channel channel, Deadlines deadlines, Duration most) {
    IdleHttp2 idle = new IdleHttp2(channel, deadlines, most);
    idle.deadline.in(most);
    channel.pipeline().addLast(idle);
  }

  private void onOverdue() {
    Http2FrameCodec codec = channel.pipeline().get(Http2FrameCodec.class);
    if (codec == null || codec.connection().numActiveStreams() == 0) {
      channel.close();
    } else {
      deadline.in(most);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    deadline.in(most);
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.drop();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the peer broke off, or does not speak HTTP/2
  }
}
