package dev.tiphys.client.outbound;

import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
  private final Map<Server, HttpClient> clients = new Remembered(); // guarded by itself

  /// What connections can be shared between.
  ///
  /// @param name that the server's certificate is to have, if it is not that of its address
  private record Server(String name, Trust trust, boolean redirects) {}

  /// Clients that were used of late; one that is forgotten ends its requests first.
  private static final class Remembered extends LinkedHashMap<Server, HttpClient> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 64;

    Remembered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Server, HttpClient> eldest) {
      return size() > MOST;
    }
  }

  /// @param addresses where Services are
  public HttpTransport(ServiceAddresses addresses) {
    this.addresses = addresses;
  }

  /// @throws NoAnswerException if there is no answer
  /// @throws IllegalArgumentException if the question's certificates or its key are unusable
  public Answer ask(Question question) throws NoAnswerException, InterruptedException {
    URI place = addresses.of(question.uri());
    boolean moved = !place.equals(question.uri());
    String name = moved && place.getScheme().equals("https") ? question.uri().getHost() : "";
    HttpClient client = client(new Server(name, question.trust(), question.redirects()));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request(question, place),
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LARGEST));
    try {
      HttpResponse<String> whole = answer.get(question.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(whole.statusCode(), whole.headers(), whole.body());
    } catch (TimeoutException e) {
      throw failed(question, "no answer within " + question.timeout().toSeconds() + " seconds");
    } catch (ExecutionException e) {
      throw failed(question, why(e.getCause() == null ? e : e.getCause()));
    } finally {
      answer.cancel(true);
    }
  }

  private HttpClient client(Server server) {
    synchronized (clients) {
      return clients.computeIfAbsent(server, HttpTransport::made);
    }
  }

  private static HttpClient made(Server server) {
    Trust trust = server.trust();
    Kubeconfig.Access access =
        new Kubeconfig.Access(
            "",
            trust.authorities(),
            trust.certificate(),
            trust.key(),
            "",
            AccessOptions.ofServer(server.name(), trust.any()));
    return HttpClient.newBuilder()
        .sslContext(TlsContext.of(access))
        .connectTimeout(CONNECTING)
        .followRedirects(
            server.redirects() ? HttpClient.Redirect.NORMAL : HttpClient.Redirect.NEVER)
        .build();
  }

  private static HttpRequest request(Question question, URI place) throws NoAnswerException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(place)
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

  private static NoAnswerException failed(Question question, String why) {
    String method = question.method();
    String verb = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
    return new NoAnswerException(verb + " \"" + question.uri() + "\": " + why);
  }

  private static String why(Throwable cause) {
    String message = cause instanceof IOException ? cause.getMessage() : cause.toString();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}
