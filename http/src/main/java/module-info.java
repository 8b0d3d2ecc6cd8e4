import org.jspecify.annotations.NullMarked;

/// HTTP/1.1 and HTTP/2 over TLS, with blocking handlers on virtual threads.
@NullMarked
module dev.tiphys.http {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires java.logging;

  exports dev.tiphys.http;
  exports dev.tiphys.http.client;
  exports dev.tiphys.http.server;
}
