package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Passes bytes on from one connection to another, once both speak another protocol than HTTP. A
/// connection is read only while the other has room.
///
/// Threads: the event loop of both.
final class Tunnel extends ChannelInboundHandlerAdapter {

  private final Channel from;
  private final Channel to;

  private Tunnel(Channel from, Channel to) {
    this.from = from;
    this.to = to;
  }

  /// Joins a client and an endpoint, which have agreed on a protocol.
  static void join(ClientStream client, Upstream upstream) {
    Tunnel up = new Tunnel(client.channel(), upstream.channel());
    Tunnel down = new Tunnel(upstream.channel(), client.channel());
    upstream.channel().pipeline().addLast(down);
    client.channel().pipeline().addLast(up);
    client.endWritingHttp();
    upstream.endHttp(bytes -> client.channel().write(bytes));
    client.endReadingHttp(bytes -> upstream.channel().write(bytes));
    client.channel().flush();
    upstream.channel().flush();
    up.readOn();
    down.readOn();
  }

  private void readOn() {
    if (!from.isActive()) {
      end();
    } else if (to.isWritable()) {
      from.read();
    }
  }

  private void end() {
    to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf) {
      to.write(message, to.voidPromise());
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    to.flush();
    readOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (from.isWritable()) {
      to.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the peer broke off
  }
}
