package dev.tiphys.network.router.message;

import dev.tiphys.network.router.table.Wording;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What the proxy itself answers.
///
/// @param location where the client is sent; null for nowhere
public record Answer(int status, String contentType, String content, @Nullable String location) {

  /// A page that says the status, as nginx has it.
  public static Answer page(int status) {
    String text = status + " " + HttpResponseStatus.valueOf(status).reasonPhrase();
    return new Answer(
        status,
        "text/html",
        """
        <html>
        <head><title>%s</title></head>
        <body>
        <center><h1>%s</h1></center>
        </body>
        </html>
        """
            .formatted(text, text),
        null);
  }

  /// A line of text.
  public static Answer text(int status, String content) {
    return new Answer(status, "text/plain", content, null);
  }

  /// That a request could not be passed on.
  public static Answer failure(int status, Wording wording) {
    return switch (wording) {
      case NGINX -> page(status);
      case ENVOY ->
          switch (status) {
            case 502 -> text(503, "upstream connect error or disconnect/reset before headers");
            case 503 -> text(503, "no healthy upstream");
            case 504 -> text(504, "upstream request timeout");
            default -> text(status, HttpResponseStatus.valueOf(status).reasonPhrase());
          };
    };
  }

  /// Sends the client elsewhere.
  public static Answer redirect(int status, String location) {
    Answer page = page(status);
    return new Answer(status, page.contentType, page.content, location);
  }

  /// @param bare whether only the head is sent, as for HEAD (RFC 9110, 9.3.2)
  public FullHttpResponse response(Instant now, boolean bare) {
    ByteBuf bytes = Unpooled.copiedBuffer(content, StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            bare ? Unpooled.EMPTY_BUFFER : bytes);
    response
        .headers()
        .set(
            HttpHeaderNames.DATE,
            DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)))
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
    if (location != null) {
      response.headers().set(HttpHeaderNames.LOCATION, location);
    }
    return response;
  }
}
