package dev.tiphys.network.router.message;

import dev.tiphys.network.router.table.ErrorPages;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/// The request for a page that is shown in the place of an answer.
public final class ErrorPage {

  private ErrorPage() {}

  /// @param head of the request that failed
  /// @param status of the answer that is replaced
  public static RequestHead of(RequestHead head, ErrorPages errors, int status) {
    HttpRequest page =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", head.request().headers().copy());
    page.headers()
        .remove(HttpHeaderNames.CONTENT_LENGTH)
        .remove(HttpHeaderNames.TRANSFER_ENCODING)
        .remove(HttpHeaderNames.EXPECT)
        .remove(HttpHeaderNames.UPGRADE);
    errors.headers().forEach(page.headers()::set);
    page.headers().set("X-Code", Integer.toString(status)).set("X-Original-URI", head.target());
    String format = head.header("accept");
    if (format != null) {
      page.headers().set("X-Format", format);
    }
    page.headers().set(HttpHeaderNames.HOST, head.authority());
    try {
      return RequestHead.of(page, head.scheme(), null);
    } catch (RefusedException e) {
      throw new IllegalStateException("the request was proper before", e);
    }
  }
}
