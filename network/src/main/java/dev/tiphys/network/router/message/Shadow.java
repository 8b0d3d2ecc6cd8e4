package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/// A copy of a request, whose answer is not waited for.
public final class Shadow {

  private static final String MARK = "-shadow";

  private Shadow() {}

  /// The same request, but that its host says that it is a copy.
  public static HttpRequest of(HttpRequest request) {
    DefaultHttpRequest copy =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, request.method(), request.uri(), request.headers().copy());
    String host = copy.headers().get(HttpHeaderNames.HOST, "");
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    copy.headers()
        .set(
            HttpHeaderNames.HOST,
            hasPort ? host.substring(0, colon) + MARK + host.substring(colon) : host + MARK);
    copy.headers().remove(HttpHeaderNames.EXPECT);
    copy.headers().remove(HttpHeaderNames.UPGRADE);
    if (copy.headers().contains(HttpHeaderNames.CONNECTION)) {
      copy.headers().remove(HttpHeaderNames.CONNECTION);
    }
    return copy;
  }
}
