package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Writes responses. One to HEAD has no content, whatever its head says (RFC 9112, 6.3).
public final class ResponseWriter extends HttpResponseEncoder {

  private boolean toHead;

  /// Whether the next response is to a HEAD.
  public void toHead(boolean is) {
    toHead = is;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return toHead || super.isContentAlwaysEmpty(response);
  }
}
