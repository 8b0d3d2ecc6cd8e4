package dev.tiphys.network.router.proxy;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Writes responses. One to HEAD has no content, whatever its head says (RFC 9112, 6.3).
final class ResponseWriter extends HttpResponseEncoder {

  private boolean toHead;

  /// Whether the next response is to a HEAD.
  void toHead(boolean is) {
    toHead = is;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return toHead || super.isContentAlwaysEmpty(response);
  }
}
