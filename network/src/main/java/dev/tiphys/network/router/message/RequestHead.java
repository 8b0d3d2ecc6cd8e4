package dev.tiphys.network.router.message;

import dev.tiphys.network.router.table.Paths;
import dev.tiphys.network.router.table.RequestView;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of a request that is proper HTTP, as the client sent it: what an endpoint is sent is
/// made out of the same message later ([Outgoing]).
public final class RequestHead implements RequestView {

  /// Methods of which a second request does nothing that the first did not (RFC 9110, 9.2.2).
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private static final String HOST_MARKS = ".-_~!$&'()*+,;=:[]";

  private final HttpRequest request;
  private final String scheme;
  private final @Nullable SocketAddress client;
  private final String authority;
  private final String host;
  private final String target;
  private final String path;
  private final String method;
  private final boolean takesChunks;
  private final boolean asksForUpgrade;
  private final boolean expectsContinue;
  private @Nullable Map<String, List<String>> queries;

  /// @param authority the host that is asked, with its port if one is given
  /// @param target path and query as they were sent
  /// @param path in its normal form
  private RequestHead(
      HttpRequest request,
      String scheme,
      @Nullable SocketAddress client,
      String authority,
      String target,
      String path) {
    this.client = client;
    this.scheme = scheme;
    this.request = request;
    this.authority = authority;
    this.host = withoutPort(authority).toLowerCase(Locale.ROOT);
    this.target = target;
    this.path = path;
    this.method = request.method().name();
    this.takesChunks = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    this.expectsContinue = HttpUtil.is100ContinueExpected(request);
    this.asksForUpgrade = takesChunks && asksForUpgrade(request.headers());
  }

  /// @param scheme `http` or `https`
  /// @param client where the request came from
  /// @throws RefusedException if the request is not proper HTTP, or none that is passed on
  public static RequestHead of(HttpRequest request, String scheme, @Nullable SocketAddress client)
      throws RefusedException {
    if (request.decoderResult().isFailure()) {
      throw RefusedException.undecodable(request.decoderResult().cause());
    }
    if (request.method().name().equals("CONNECT")) {
      throw new RefusedException(405);
    }
    checkCoding(request);
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1 || hosts.isEmpty() && !old) {
      throw new RefusedException(400);
    }
    String authority = hosts.isEmpty() ? "" : hosts.getFirst();
    String target = request.uri();
    int colon = target.startsWith("/") ? -1 : target.indexOf("://");
    if (colon >= 0) { // the absolute form, whose host counts (RFC 9112, 3.2.2)
      int begin = colon + 3;
      int end = begin;
      while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
        end++;
      }
      authority = target.substring(begin, end);
      target = target.startsWith("/", end) ? target.substring(end) : "/" + target.substring(end);
    }
    int query = target.indexOf('?');
    String path = Paths.normal(query < 0 ? target : target.substring(0, query));
    if (path == null || target.indexOf('#') >= 0 || !isProper(authority)) {
      throw new RefusedException(400);
    }
    return new RequestHead(request, scheme, client, authority, target, path);
  }

  private static void checkCoding(HttpRequest request) throws RefusedException {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return;
    }
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw new RefusedException(400); // its framing is faulty (RFC 9112, 6.1)
    }
    if (codings.size() > 1
        || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())) {
      throw new RefusedException(501);
    }
  }

  private static boolean isProper(String authority) {
    for (int i = 0; i < authority.length(); i++) {
      char each = authority.charAt(i);
      if (each >= 0x80 || !Character.isLetterOrDigit(each) && HOST_MARKS.indexOf(each) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  public HttpRequest request() {
    return request;
  }

  /// The host as it was asked, with its port if one was given.
  public String authority() {
    return authority;
  }

  /// Path and query as they were sent.
  public String target() {
    return target;
  }

  /// The query as it was sent, with its question mark; empty if there is none.
  public String queryString() {
    int begin = target.indexOf('?');
    return begin < 0 ? "" : target.substring(begin);
  }

  public boolean isIdempotent() {
    return IDEMPOTENT.contains(method());
  }

  public boolean isHead() {
    return method().equals("HEAD");
  }

  /// Whether the response may be sent in chunks.
  public boolean takesChunks() {
    return takesChunks;
  }

  /// Whether the client waits for `100 Continue` before it sends content (RFC 9110, 10.1.1).
  public boolean expectsContinue() {
    return expectsContinue;
  }

  /// Whether another protocol is asked for that can be spoken through a proxy (RFC 9110, 7.8).
  /// HTTP/2 is none: it would be spoken past the table.
  public boolean asksForUpgrade() {
    return asksForUpgrade;
  }

  private static boolean asksForUpgrade(HttpHeaders headers) {
    String protocol = headers.get(HttpHeaderNames.UPGRADE);
    return protocol != null
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && !protocol.toLowerCase(Locale.ROOT).contains("h2c");
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public @Nullable InetAddress client() {
    return client instanceof InetSocketAddress internet ? internet.getAddress() : null;
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = request.headers().getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  @Override
  public @Nullable String query(String name) {
    if (queries == null) {
      queries = new QueryStringDecoder(queryString()).parameters();
    }
    List<String> values = queries.get(name);
    return values == null ? null : values.getFirst();
  }
}
