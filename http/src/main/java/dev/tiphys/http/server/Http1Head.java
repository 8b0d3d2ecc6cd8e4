package dev.tiphys.http.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the head of an HTTP/1.1 request says of the connection and of the content that follows.
///
/// @param request the request
record Http1Head(HttpRequest request) {

  /// The status with which to refuse a request that is not proper HTTP, after which nothing on the
  /// connection can be relied on; null if it is. The statuses are those of upstream's server, but
  /// that a request whose length may be read in two ways is refused.
  @Nullable HttpResponseStatus fault() {
    if (request.decoderResult().isFailure()) {
      Throwable cause = request.decoderResult().cause();
      return cause instanceof TooLongHttpLineException
              || cause instanceof TooLongHttpHeaderException
          ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
          : HttpResponseStatus.BAD_REQUEST;
    }
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!target().startsWith("/") && !target().equals("*")) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()))) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    boolean expectsElse =
        request.headers().contains(HttpHeaderNames.EXPECT)
            && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            && !expectsContinue();
    return expectsElse ? HttpResponseStatus.EXPECTATION_FAILED : null;
  }

  /// Path and query, also of a request that names the server before them (RFC 9112, 3.2.2).
  String target() {
    String uri = request.uri();
    if (uri.startsWith("/")) {
      return uri;
    }
    int scheme = uri.indexOf("://");
    if (scheme < 0) {
      return uri;
    }
    int path = uri.indexOf('/', scheme + 3);
    return path < 0 ? "/" : uri.substring(path);
  }

  boolean keepsAlive() {
    return HttpUtil.isKeepAlive(request)
        && !request.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
  }

  boolean expectsContinue() {
    return HttpUtil.is100ContinueExpected(request);
  }

  /// Whether an answer without a known length can be sent in chunks.
  boolean takesChunks() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  /// How much content follows; 0 for none, -1 if it is not known.
  long contentLength() {
    return HttpUtil.isTransferEncodingChunked(request)
        ? -1
        : HttpUtil.getContentLength(request, 0L);
  }
}
