package dev.tiphys.http;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request, and the way to answer it: exactly once, with [#respond], [#stream] or [#upgrade].
///
/// Threads: any; answering is up to one.
public interface Exchange {

  /// `GET`, `POST` ...
  String method();

  /// The path as it was sent, without the query: begins with a slash, or is `*`.
  String path();

  /// The query as it was sent, without the question mark; empty if there is none.
  String query();

  /// The first value of a header field, or null. The name's case does not matter.
  @Nullable String header(String name);

  /// All values of a header field, in order.
  List<String> headers(String name);

  /// The names of all header fields, in lower case.
  List<String> headerNames();

  /// The content; empty if there is none. It is read while it arrives: a handler sees the request
  /// before any of the content is there.
  ///
  /// Reading throws [ContentTooLargeException] as soon as it is known that there is more than the
  /// server takes, [ContentTimeoutException] if it does not arrive in time, and another
  /// `IOException` if the client breaks off. What is left unread when the answer is complete is
  /// dropped.
  InputStream content();

  /// The content, however much there is and however slowly it comes: for a handler that passes it
  /// on. To be called before any of it is read.
  InputStream unlimitedContent();

  /// How much content there is, as the head says it: 0 if there is none, -1 if that is not known.
  long contentLength();

  /// Host and port, as the client calls this server; empty if it does not.
  String authority();

  /// Whether the client has left.
  boolean isGone();

  /// The other end.
  InetSocketAddress remote();

  /// The certificates that the client presented, its own first, whose key it proved to have; empty
  /// if it presented none. Their issuer has not been checked.
  List<X509Certificate> certificates();

  /// `HTTP/1.1` or `HTTP/2.0`.
  String protocol();

  /// Sends the whole answer.
  void respond(Response response);

  /// Begins an answer that is sent piece by piece. If `headers` say how long the content is, it
  /// must be so long.
  ResponseStream stream(int status, List<Header> headers);

  /// Ends HTTP on this connection: answers with 101 and `headers`, and leaves the rest to the
  /// caller.
  ///
  /// @throws IllegalStateException if the request did not come over HTTP/1.1
  Tunnel upgrade(List<Header> headers);

  /// Ends HTTP on this connection: answers with 101 and `headers`, which must be those of a
  /// WebSocket, and sends each piece of the stream as one message. What the client sends is
  /// dropped.
  ///
  /// @param text whether the messages are texts, not bytes
  /// @throws IllegalStateException if the request did not come over HTTP/1.1
  ResponseStream messages(List<Header> headers, boolean text);
}
