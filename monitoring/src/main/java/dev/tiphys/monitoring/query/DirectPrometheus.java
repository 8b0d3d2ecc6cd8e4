package dev.tiphys.monitoring.query;

import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A Prometheus that this process reaches by itself.
///
/// @param address where it is now; none while it does not run
public record DirectPrometheus(HttpTransport transport, Supplier<Optional<URI>> address)
    implements PrometheusQueries.Way {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Override
  public Struct ask(String path) throws QueryException, InterruptedException {
    URI base = address.get().orElseThrow(() -> new QueryException("", "Prometheus is not running"));
    URI uri = URI.create(base.toString().replaceAll("/+$", "") + path);
    try {
      Object body =
          transport
              .ask(new Question("GET", uri, List.of(), "", Trust.SYSTEM, false, TIMEOUT))
              .json();
      return body instanceof Struct struct ? struct : Struct.EMPTY;
    } catch (NoAnswerException e) {
      throw new QueryException("", String.valueOf(e.getMessage()));
    } catch (EncodingException e) {
      throw new QueryException("", "Prometheus answered with what is no JSON: " + e.getMessage());
    }
  }
}
