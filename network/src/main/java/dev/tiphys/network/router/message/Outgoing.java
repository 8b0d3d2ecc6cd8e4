package dev.tiphys.network.router.message;

import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes the request that an endpoint is sent out of the one that a client sent.
public final class Outgoing {

  private Outgoing() {}

  /// Changes a request in its place: the same is sent to each endpoint that is tried.
  public static void prepare(
      RequestHead head,
      Action.Forward forward,
      Forwarded forwarded,
      Channel client,
      RandomGenerator random) {
    HttpRequest request = head.request();
    HttpHeaders headers = request.headers();
    boolean chunked = HttpUtil.isTransferEncodingChunked(request);
    @Nullable String upgrade = head.asksForUpgrade() ? headers.get(HttpHeaderNames.UPGRADE) : null;
    HopByHop.remove(headers);
    if (chunked) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (upgrade != null) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
      headers.set(HttpHeaderNames.UPGRADE, upgrade);
    }
    forwarded.tell(headers, head.authority(), client.remoteAddress(), random);
    String host = forward.rewrite().host();
    headers.set(HttpHeaderNames.HOST, host == null ? head.authority() : host);
    edit(headers, forward.request());
    String path = forward.rewrite().of(head.path());
    request.setUri(path == null ? head.target() : path + head.queryString());
    request.setProtocolVersion(HttpVersion.HTTP_1_1);
  }

  public static void edit(HttpHeaders headers, HeaderEdits edits) {
    edits.remove().forEach(headers::remove);
    edits.set().forEach(headers::set);
    edits.add().forEach(headers::add);
  }

  /// Headers as filters see them.
  public static Passage.Headers headers(HttpHeaders of) {
    return new Passage.Headers() {
      @Override
      public List<String> all(String name) {
        return of.getAll(name);
      }

      @Override
      public void set(String name, List<String> values) {
        of.set(name, values);
      }
    };
  }
}
