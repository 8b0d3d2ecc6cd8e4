package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Reads requests, and refuses those whose end two readers might see in different places: with two
/// lengths (RFC 9112, 6.3), lines that end in a bare LF or CR (2.2), or chunks that are not written
/// as they should be (7.1). So no request can be smuggled in the content of another.
public final class StrictRequestDecoder extends HttpRequestDecoder {

  public StrictRequestDecoder(int largestHead) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(largestHead)
            .setMaxHeaderSize(largestHead)
            .setMaxChunkSize(64 << 10)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
