package dev.tiphys.http;

/// Answers requests.
@FunctionalInterface
public interface HttpHandler {

  /// Answers one request. Runs on a virtual thread of its own and may wait. What it throws is
  /// logged and answered with 500, unless an answer has begun. It is called as soon as the head of
  /// the request is there.
  void handle(Exchange exchange) throws Exception;
}
