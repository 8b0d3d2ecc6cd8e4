package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.Negotiation.Format;
import dev.tiphys.client.ApiException;
import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.object.Struct;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Sends the answer to one request, with the header fields that all answers have.
///
/// Threads: one.
public final class Answering {

  /// Answers from this size on are compressed, if the client takes that.
  private static final int COMPRESSED_FROM = 128 << 10;

  private static final int LONGEST_WARNINGS = 4096;
  private static final int CUT_WARNING = 256;

  private final Exchange exchange;
  private final String auditId;
  private int status;

  Answering(Exchange exchange, String auditId) {
    this.exchange = exchange;
    this.auditId = auditId;
  }

  Exchange exchange() {
    return exchange;
  }

  /// The status code that was sent, or 0.
  int status() {
    return status;
  }

  void send(int code, String mediaType, Body body, List<String> warnings) {
    status = code;
    exchange.respond(new Response(code, headers(mediaType, warnings), body));
  }

  void sendLarge(int code, String mediaType, Body body, List<String> warnings) {
    status = code;
    List<Header> headers = headers(mediaType, warnings);
    exchange.respond(new Response(code, headers, packed(body, headers)));
  }

  /// A large body, compressed if the client takes that; the header fields then say so.
  private Body packed(Body body, List<Header> headers) {
    String encodings = exchange.header("accept-encoding");
    if (body.length() < COMPRESSED_FROM || encodings == null || !encodings.contains("gzip")) {
      return body;
    }
    headers.add(new Header("Content-Encoding", "gzip"));
    headers.add(new Header("Vary", "Accept-Encoding"));
    return Body.of(compressed(body));
  }

  private static byte[] compressed(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length() / 4);
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out, 64 << 10) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      body.drainTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// Sends a document that clients keep, and only want to have again if it has changed.
  ///
  /// @param caching what `Cache-Control` says
  void sendKept(String mediaType, Body body, String tag, String caching) {
    String known = exchange.header("if-none-match");
    if (known != null && known.replace("\"", "").equals(tag)) {
      status = 304;
      body.discard();
      exchange.respond(new Response(304, kept(mediaType, tag, caching), Body.EMPTY));
      return;
    }
    status = 200;
    List<Header> headers = kept(mediaType, tag, caching);
    exchange.respond(new Response(200, headers, packed(body, headers)));
  }

  private List<Header> kept(String mediaType, String tag, String caching) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Audit-Id", auditId));
    headers.add(new Header("Cache-Control", caching));
    headers.add(new Header("Content-Type", mediaType));
    headers.add(new Header("ETag", '"' + tag + '"'));
    headers.add(new Header("Vary", "Accept"));
    return headers;
  }

  /// Sends a plain text.
  public void sendText(int code, String text) {
    send(code, "text/plain", Body.of(text.getBytes(StandardCharsets.UTF_8)), List.of());
  }

  /// Sends a tree with apiVersion and kind.
  void sendTree(int code, Struct tree, Format format, List<String> warnings) {
    send(code, format.mediaType(), Body.of(Writing.tree(tree, format)), warnings);
  }

  /// Sends a refusal as a Status.
  void refuse(ApiException refusal, Format format, List<String> warnings) {
    status = refusal.code();
    List<Header> headers = headers(format.mediaType(), warnings);
    if (refusal.retryAfterSeconds() > 0) {
      headers.add(new Header("Retry-After", Long.toString(refusal.retryAfterSeconds())));
    }
    if (refusal.code() == 403 || refusal.code() == 429) {
      headers.add(new Header("X-Content-Type-Options", "nosniff"));
    }
    Body body = Body.of(Writing.tree(refusal.status(), format));
    exchange.respond(new Response(refusal.code(), headers, body));
  }

  /// The header fields of an answer that is streamed.
  public List<Header> streamHeaders(String mediaType) {
    status = 200;
    return headers(mediaType, List.of());
  }

  /// Notes that the answer is another protocol.
  void switching() {
    status = 101;
  }

  private List<Header> headers(String mediaType, List<String> warnings) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Audit-Id", auditId));
    headers.add(new Header("Cache-Control", "no-cache, private"));
    headers.add(new Header("Content-Type", mediaType));
    int total = warnings.stream().mapToInt(String::length).sum();
    for (String warning : warnings) {
      boolean cut = total > LONGEST_WARNINGS && warning.length() > CUT_WARNING;
      String text = cut ? warning.substring(0, CUT_WARNING) : warning;
      headers.add(new Header("Warning", "299 - \"" + quoted(text) + "\""));
    }
    return headers;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\r\\n]", " ");
  }
}
