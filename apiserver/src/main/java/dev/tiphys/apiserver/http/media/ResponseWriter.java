package dev.tiphys.apiserver.http.media;

import dev.tiphys.apiserver.audit.Trail;
import dev.tiphys.apiserver.fairness.Overload;
import dev.tiphys.apiserver.http.media.Negotiation.Format;
import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Writes the response to one request, with the header fields that all answers have.
///
/// Threads: one.
public final class ResponseWriter {

  /// Answers from this size on are compressed, if the client takes that.
  private static final int COMPRESSED_FROM = 128 << 10;

  private final Exchange exchange;
  private final String auditId;
  private final Trail trail;
  private List<Header> added = List.of();
  private int status;
  private @Nullable ResponseStream stream;

  /// @param auditId tells the request from all others
  /// @param trail what is recorded of it
  public ResponseWriter(Exchange exchange, String auditId, Trail trail) {
    this.exchange = exchange;
    this.auditId = auditId;
    this.trail = trail;
  }

  /// Has every answer say more.
  public void add(List<Header> headers) {
    added = headers;
  }

  public Exchange exchange() {
    return exchange;
  }

  /// What is recorded of the request.
  public Trail trail() {
    return trail;
  }

  /// The status code that was sent, or 0.
  public int status() {
    return status;
  }

  public void send(int code, String mediaType, Body body, List<String> warnings) {
    Body recorded = recorded(mediaType, body);
    begin(code);
    exchange.respond(new Response(code, headers(mediaType, warnings), shown(mediaType, recorded)));
  }

  private void begin(int code) {
    status = code;
    trail.started(code);
  }

  /// The body, once it is known to the audit log if that wants it.
  private Body recorded(String mediaType, Body body) {
    if (!trail.wantsAnswer()) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length());
    try {
      body.drainTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = out.toByteArray();
    record(mediaType, bytes);
    return Body.of(bytes);
  }

  private void record(String mediaType, byte[] bytes) {
    Struct object = Recorded.object(mediaType, bytes);
    if (object != null) {
      trail.answered(object);
    }
  }

  /// The body as the client wants to see it.
  private Body shown(String mediaType, Body body) {
    if (!mediaType.equals(MediaType.JSON) || !IndentedJson.isWanted(exchange)) {
      return body;
    }
    ByteArrayOutputStream indented = new ByteArrayOutputStream(body.length() * 2);
    try (OutputStream out = new IndentedJson(indented)) {
      body.drainTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Body.of(indented.toByteArray());
  }

  public void sendLarge(int code, String mediaType, Body body, List<String> warnings) {
    Body recorded = recorded(mediaType, body);
    begin(code);
    List<Header> headers = headers(mediaType, warnings);
    exchange.respond(new Response(code, headers, packed(shown(mediaType, recorded), headers)));
  }

  /// A large body, compressed if the client takes that; the header fields then say so.
  private Body packed(Body body, List<Header> headers) {
    if (body.length() < COMPRESSED_FROM || !takesGzip()) {
      return body;
    }
    addCompressed(headers);
    return Body.of(compressed(body));
  }

  private boolean takesGzip() {
    String encodings = exchange.header("accept-encoding");
    return encodings != null && encodings.contains("gzip");
  }

  private static void addCompressed(List<Header> headers) {
    headers.add(new Header("Content-Encoding", "gzip"));
    headers.add(new Header("Vary", "Accept-Encoding"));
  }

  private static byte[] compressed(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length() / 4);
    try (OutputStream gzip = gzip(out)) {
      body.drainTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static OutputStream gzip(OutputStream out) throws IOException {
    return new GZIPOutputStream(out, 64 << 10) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }

  /// Sends a document that clients keep, and only want to have again if it has changed.
  ///
  /// @param caching what `Cache-Control` says
  public void sendKept(String mediaType, Body body, String tag, String caching) {
    String known = exchange.header("if-none-match");
    if (known != null && known.replace("\"", "").equals(tag)) {
      begin(304);
      body.discard();
      exchange.respond(new Response(304, kept(mediaType, tag, caching), Body.EMPTY));
      return;
    }
    begin(200);
    List<Header> headers = kept(mediaType, tag, caching);
    exchange.respond(new Response(200, headers, packed(body, headers)));
  }

  private List<Header> kept(String mediaType, String tag, String caching) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Audit-Id", auditId));
    headers.add(new Header("Cache-Control", caching));
    headers.add(new Header("Content-Type", mediaType));
    headers.add(new Header("ETag", '"' + tag + '"'));
    headers.addAll(added);
    headers.add(new Header("Vary", "Accept"));
    return headers;
  }

  /// Sends a plain text.
  public void sendText(int code, String text) {
    send(code, "text/plain", Body.of(text.getBytes(StandardCharsets.UTF_8)), List.of());
  }

  /// Sends a status code without content.
  ///
  /// @param more header fields
  public void sendEmpty(int code, Header... more) {
    begin(code);
    exchange.respond(new Response(code, headers(List.of(more)), Body.EMPTY));
  }

  /// Sends a tree with apiVersion and kind.
  public void sendTree(int code, Struct tree, Format format, List<String> warnings) {
    trail.answered(tree);
    send(code, format.mediaType(), Body.of(ObjectEncoder.tree(tree, format)), warnings);
  }

  /// Sends a refusal as a Status. An answer that has begun is broken off instead, so that the
  /// client sees that it is not complete.
  public void refuse(ApiException refusal, Format format, List<String> warnings) {
    if (status != 0) {
      ResponseStream begun = stream;
      if (begun != null) {
        begun.abort();
      }
      return;
    }
    Struct told = refusal.status();
    trail.answered(told);
    begin(refusal.code());
    List<Header> headers = headers(format.mediaType(), warnings);
    if (refusal.retryAfterSeconds() > 0) {
      headers.add(new Header("Retry-After", Long.toString(refusal.retryAfterSeconds())));
    }
    if (refusal.code() == 403 || refusal.code() == 429) {
      headers.add(new Header("X-Content-Type-Options", "nosniff"));
    }
    Body body = shown(format.mediaType(), Body.of(ObjectEncoder.tree(told, format)));
    exchange.respond(new Response(refusal.code(), headers, body));
  }

  /// Sends the refusal of a request that has no turn, in plain text as upstream does.
  public void refuse(Overload overload) {
    begin(429);
    List<Header> headers = headers("text/plain; charset=utf-8", List.of());
    headers.add(new Header("Retry-After", Long.toString(overload.retryAfter())));
    headers.add(new Header("X-Content-Type-Options", "nosniff"));
    byte[] text = (overload.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.respond(new Response(429, headers, Body.of(text)));
  }

  /// Begins an answer that is sent piece by piece.
  public ResponseStream stream(String mediaType) {
    begin(200);
    ResponseStream begun = exchange.stream(200, headers(mediaType, List.of()));
    stream = begun;
    return begun;
  }

  /// Begins an answer that is passed on from elsewhere.
  ///
  /// @param more its own header fields
  public ResponseStream stream(int code, List<Header> more) {
    begin(code);
    ResponseStream begun = exchange.stream(code, headers(more));
    stream = begun;
    return begun;
  }

  /// Begins a large answer that is sent while it is made, compressed if the client takes that.
  /// Writing waits for the client; what ends before [OutputStream#close] is broken off by
  /// [#refuse].
  public OutputStream streamLarge(String mediaType, List<String> warnings) throws IOException {
    begin(200);
    List<Header> headers = headers(mediaType, warnings);
    boolean compressed = takesGzip();
    if (compressed) {
      addCompressed(headers);
    }
    ResponseStream begun = exchange.stream(200, headers);
    stream = begun;
    OutputStream pieces = new BufferedOutputStream(new StreamOutput(begun), 64 << 10);
    OutputStream whole = compressed ? gzip(pieces) : pieces;
    boolean indented = mediaType.equals(MediaType.JSON) && IndentedJson.isWanted(exchange);
    OutputStream shown = indented ? new IndentedJson(whole) : whole;
    return trail.wantsAnswer()
        ? new RecordedOutput(shown, bytes -> record(mediaType, bytes))
        : shown;
  }

  /// Notes that the answer is another protocol, which the caller begins to speak.
  public void switchProtocol() {
    begin(101);
  }

  private List<Header> headers(List<Header> more) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Audit-Id", auditId));
    headers.add(new Header("Cache-Control", "no-cache, private"));
    headers.addAll(added);
    headers.addAll(more);
    return headers;
  }

  private List<Header> headers(String mediaType, List<String> warnings) {
    List<Header> headers = headers(List.of());
    headers.add(new Header("Content-Type", mediaType));
    headers.addAll(WarningHeaders.of(warnings));
    return headers;
  }
}
