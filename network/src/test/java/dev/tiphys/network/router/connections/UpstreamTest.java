package dev.tiphys.network.router.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.world.VirtualWorld;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A connection that its exchange has no use for any more while a response still comes by it.
class UpstreamTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Upstream upstream =
      new Upstream(
          new Pool(
              channel.eventLoop(),
              new Deadlines(world, channel.eventLoop()),
              Duration.ofSeconds(60)),
          endpoint(),
          false);
  private final HttpResponse head =
      new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE);
  private final HttpContent first = new DefaultHttpContent(Unpooled.buffer().writeZero(9));
  private final HttpContent last = new DefaultLastHttpContent(Unpooled.buffer().writeZero(9));

  UpstreamTest() {
    channel.pipeline().addLast(upstream);
  }

  private Endpoint endpoint() {
    Backend backend = new Backend(world, "tested", BackendPolicy.USUAL);
    backend.endpoints(List.of(InetSocketAddress.createUnresolved("10.0.0.1", 80)));
    return Objects.requireNonNull(
        backend.choose(world.random(), OptionalInt.empty(), Set.of()), "an endpoint");
  }

  /// An exchange that abandons the connection with the head of the response, if it is to.
  private void begin(boolean abandons) {
    upstream.begin(
        new Peer() {
          @Override
          public void onResponse(HttpResponse response) {
            if (abandons) {
              upstream.abandon();
            }
          }

          @Override
          public void onResponseContent(HttpContent content) {
            content.release();
          }

          @Override
          public void onUpstreamPause() {}

          @Override
          public void onUpstreamWritable() {}

          @Override
          public void onUpstreamBroken() {}
        });
    upstream.pull();
  }

  private void assertNothingIsHeld() {
    assertThat(channel.isOpen()).isFalse();
    assertThat(first.refCnt()).isZero();
    assertThat(last.refCnt()).isZero();
  }

  @Test
  void whatIsLeftOfAResponseIsReleased() {
    begin(true);
    channel.writeInbound(head, first, last);
    assertNothingIsHeld();
  }

  @Test
  void whatWasReadAndNotTakenIsReleased() {
    begin(false);
    channel.writeInbound(head, first, last);
    assertThat(first.refCnt()).isOne();
    upstream.abandon();
    assertNothingIsHeld();
  }
}
