package dev.tiphys.client.http;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// What a program asks API servers, and how long they take to answer, under upstream's names
/// (`rest_client_…`). Of a watch the time is told until it begins.
///
/// Threads: any.
public final class RequestMetrics {

  /// What upstream tells in the place of a status if there is no answer.
  private static final String NO_ANSWER = "<error>";

  private static final double[] SECONDS = {
    0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60,
  };
  private static final double[] BYTES = {
    64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
  };
  private static final String[] LABELS = {"host", "verb"};

  private final CounterFamily requests =
      new CounterFamily("rest_client_requests_total", "Requests.", "code", "host", "method");
  private final HistogramFamily durations =
      new HistogramFamily(
          "rest_client_request_duration_seconds",
          "How long requests took until they were answered.",
          SECONDS,
          LABELS);
  private final HistogramFamily sent =
      new HistogramFamily("rest_client_request_size_bytes", "Sizes of requests.", BYTES, LABELS);
  private final HistogramFamily received =
      new HistogramFamily("rest_client_response_size_bytes", "Sizes of answers.", BYTES, LABELS);

  /// Counts a request that was answered.
  void answered(HttpRequest request, HttpResponse<?> answer, long nanos) {
    count(request, Integer.toString(answer.statusCode()), nanos);
    if (answer.body() instanceof byte[] body) {
      received.of(host(request), request.method()).recordSize(body.length);
    }
  }

  /// Counts a request that was not answered.
  void failed(HttpRequest request, long nanos) {
    count(request, NO_ANSWER, nanos);
  }

  private void count(HttpRequest request, String code, long nanos) {
    String host = host(request);
    requests.count(code, host, request.method());
    durations.of(host, request.method()).record(nanos);
    long size = request.bodyPublisher().map(HttpRequest.BodyPublisher::contentLength).orElse(0L);
    sent.of(host, request.method()).recordSize(Math.max(0, size));
  }

  private static String host(HttpRequest request) {
    return request.uri().getAuthority();
  }

  /// Writes all of it.
  public void write(Exposition out) {
    requests.write(out);
    durations.write(out);
    sent.write(out);
    received.write(out);
  }
}
