package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.WebSocket;
import dev.tiphys.object.api.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Where a log goes to: the content of the answer, or the messages of a WebSocket.
///
/// @param stream what the client is sent
/// @param base64 whether pieces are written as text
record LogOutput(ResponseStream stream, boolean base64) {

  private static final String BINARY = "binary.k8s.io";
  private static final String BASE64 = "base64.binary.k8s.io";

  /// Begins the answer in the form that the client asked for.
  ///
  /// @throws ApiException `BAD_REQUEST` if it asked for a WebSocket of which no form is known
  static LogOutput begin(ResourceRequest request) throws IOException, InterruptedException {
    Exchange exchange = request.exchange();
    if (!WebSocket.isAskedFor(exchange)) {
      return new LogOutput(request.response().stream("text/plain"), false);
    }
    String protocol = protocol(WebSocket.offered(exchange));
    String fault = WebSocket.fault(exchange);
    if (!fault.isEmpty()) {
      throw ApiException.badRequest(fault);
    }
    boolean base64 = protocol.equals(BASE64);
    request.response().switchProtocol();
    ResponseStream messages = WebSocket.acceptToSend(exchange, protocol, base64);
    messages.write(new byte[0]); // tells that the log was found
    return new LogOutput(messages, base64);
  }

  private static String protocol(List<String> offered) {
    if (offered.isEmpty()) {
      return "";
    }
    return offered.stream()
        .filter(each -> each.equals(BINARY) || each.equals(BASE64))
        .findFirst()
        .orElseThrow(
            () -> ApiException.badRequest("requested protocol(s) are not supported: " + offered));
  }

  /// Sends a piece; waits while the client is behind.
  void write(byte[] piece) throws IOException, InterruptedException {
    stream.write(
        base64
            ? Base64.getEncoder().encodeToString(piece).getBytes(StandardCharsets.US_ASCII)
            : piece);
  }
}
