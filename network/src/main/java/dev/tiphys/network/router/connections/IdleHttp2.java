package dev.tiphys.network.router.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;

/// Ends a connection of HTTP/2 that has had no stream for some time.
///
/// Threads: the event loop.
public final class IdleHttp2 extends ChannelInboundHandlerAdapter {

  private final Deadlines.Deadline deadline;

  private IdleHttp2(Deadlines.Deadline deadline) {
    this.deadline = deadline;
  }

  /// Closes a connection once it has had no stream for so long.
  ///
  /// @param channel has an [Http2FrameCodec] already
  public static void watch(Channel channel, Deadlines deadlines, Duration most) {
    Deadlines.Deadline deadline = deadlines.add(channel::close);
    Http2Connection connection = channel.pipeline().get(Http2FrameCodec.class).connection();
    connection.addListener(new Streams(connection, deadline, most));
    deadline.in(most);
    channel.pipeline().addLast(new IdleHttp2(deadline));
  }

  /// The time runs from the end of the last stream on, and while there is one it does not.
  private static final class Streams extends Http2ConnectionAdapter {
    private final Http2Connection connection;
    private final Deadlines.Deadline deadline;
    private final Duration most;

    Streams(Http2Connection connection, Deadlines.Deadline deadline, Duration most) {
      this.connection = connection;
      this.deadline = deadline;
      this.most = most;
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
      deadline.in(Duration.ZERO);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      if (connection.numActiveStreams() == 0) {
        deadline.in(most);
      }
    }
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
