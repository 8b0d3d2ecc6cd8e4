package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.media.StreamOutput;
import dev.tiphys.http.Header;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.client.ClientConnection;
import dev.tiphys.http.client.ResponseHead;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// A backend's answer on its way to the client: each piece is passed on as it comes, and links that
/// would lead past the proxy are changed.
///
/// @param response where it goes to
/// @param links how links are changed; null if they stay as they are
record PassedAnswer(ResponseWriter response, @Nullable Links links) {

  /// Passes all of it on.
  ///
  /// @throws IOException if the backend breaks off; once the client has been sent some of the
  ///   answer that is broken off as well
  void pass(ClientConnection backend, ResponseHead head) throws IOException, InterruptedException {
    String location = head.header("location");
    boolean html = links != null && location == null && isHtml(head.header("content-type"));
    String encoding = head.header("content-encoding");
    boolean rewrites = html && (encoding == null || isKnown(encoding));
    List<Header> headers = headers(head, rewrites);
    if (response.exchange().method().equals("HEAD")
        || head.status() == 204
        || head.status() == 304) {
      response.sendEmpty(head.status(), headers.toArray(Header[]::new));
      return;
    }
    InputStream content = backend.content(head);
    ResponseStream stream = response.stream(head.status(), headers);
    stream.onEnd(backend::close); // a client that leaves ends the reading
    if (rewrites && links != null) {
      try (InputStream plain = decoded(content, encoding);
          OutputStream out = encoded(stream, encoding)) {
        new HtmlLinks(plain, out, links).pass();
      }
    } else {
      byte[] buffer = new byte[32 << 10];
      for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
        stream.write(Arrays.copyOf(buffer, length));
      }
    }
    stream.close();
  }

  private List<Header> headers(ResponseHead head, boolean rewrites) {
    List<Header> headers = new ArrayList<>();
    for (Header header : ForwardedHeaders.ofAnswer(head.headers())) {
      if (links != null && header.name().equalsIgnoreCase("location")) {
        headers.add(new Header(header.name(), links.rewritten(header.value())));
      } else if (!(rewrites && header.name().equalsIgnoreCase("content-length"))) {
        headers.add(header);
      }
    }
    return headers;
  }

  private static boolean isHtml(@Nullable String contentType) {
    return contentType != null && contentType.split(";", 2)[0].strip().equals("text/html");
  }

  private static boolean isKnown(String encoding) {
    return encoding.equals("gzip") || encoding.equals("deflate");
  }

  private static InputStream decoded(InputStream content, @Nullable String encoding)
      throws IOException {
    return switch (encoding) {
      case "gzip" -> new GZIPInputStream(content);
      case "deflate" -> new InflaterInputStream(content, new Inflater(true));
      case null, default -> content;
    };
  }

  private static OutputStream encoded(ResponseStream stream, @Nullable String encoding)
      throws IOException {
    OutputStream out = new BufferedOutputStream(new StreamOutput(stream), 16 << 10);
    return switch (encoding) {
      case "gzip" -> new GZIPOutputStream(out, true);
      case "deflate" ->
          new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true), true);
      case null, default -> out;
    };
  }
}
