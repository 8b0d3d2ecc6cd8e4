package dev.tiphys.network.router.connections;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/// What a connection to an endpoint is used by, for one request.
///
/// Threads: the event loop.
public interface Peer {

  /// The head of a response, interim ones too (RFC 9110, 15.2).
  void onResponse(HttpResponse response);

  /// A part of a response's content, which is to be released.
  void onResponseContent(HttpContent content);

  /// There is nothing more of the response for now.
  void onUpstreamPause();

  /// There is room again for what is written.
  void onUpstreamWritable();

  /// The connection is closed before the response was whole.
  void onUpstreamBroken();
}
