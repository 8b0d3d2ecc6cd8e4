package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.delivery.measuring.MeasuringException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks programs over HTTP. Answers are bounded in size and time, and so are redirections.
///
/// Hosts that are Services of the cluster are reached at the Services' addresses, since this
/// process may run where the cluster's names are not known.
///
/// Threads: any.
public final class HttpTransport {

  private static final long LARGEST = 4 << 20;
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  private final ServiceAddresses addresses;

  /// By the name that the server's certificate is to have, if it is not that of its address, and by
  /// whether any will do.
  private final Map<Server, HttpClient> clients = new ConcurrentHashMap<>();

  private record Server(String name, boolean any) {}

  /// @param addresses where Services are
  public HttpTransport(ServiceAddresses addresses) {
    this.addresses = addresses;
  }

  /// @throws MeasuringException if there is no answer
  Answer ask(Question question) throws InterruptedException {
    URI place = addresses.of(question.uri());
    boolean moved = !place.equals(question.uri());
    String name = moved && place.getScheme().equals("https") ? question.uri().getHost() : "";
    HttpClient client =
        clients.computeIfAbsent(new Server(name, question.insecure()), HttpTransport::client);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request(question, place),
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LARGEST));
    try {
      HttpResponse<String> whole = answer.get(question.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(whole.statusCode(), whole.body());
    } catch (TimeoutException e) {
      throw failed(question, "no answer within " + question.timeout().toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw failed(question, why(e.getCause() == null ? e : e.getCause()));
    } finally {
      answer.cancel(true);
    }
  }

  private static HttpClient client(Server server) {
    Kubeconfig.Access access =
        new Kubeconfig.Access(
            "", "", "", "", "", AccessOptions.ofServer(server.name(), server.any()));
    return HttpClient.newBuilder()
        .sslContext(TlsContext.of(access))
        .connectTimeout(CONNECTING)
        .followRedirects(HttpClient.Redirect.NORMAL) // a few, and never from TLS to none
        .build();
  }

  private static HttpRequest request(Question question, URI place) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(place)
              .timeout(question.timeout())
              .method(
                  question.method(),
                  question.body().isEmpty()
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(question.body()));
      question.headers().forEach(header -> request.setHeader(header.getKey(), header.getValue()));
      return request.build();
    } catch (IllegalArgumentException e) {
      throw failed(question, String.valueOf(e.getMessage()));
    }
  }

  private static MeasuringException failed(Question question, String why) {
    String method = question.method();
    String verb = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
    return new MeasuringException(verb + " \"" + question.uri() + "\": " + why);
  }

  private static String why(Throwable cause) {
    String message = cause instanceof IOException ? cause.getMessage() : cause.toString();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}
