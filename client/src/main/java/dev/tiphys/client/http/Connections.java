package dev.tiphys.client.http;

import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The connections to one server, with the client's credentials.
///
/// A connection on which an answer is late may be dead without a sign of it: it is not used for
/// further requests.
///
/// Threads: any.
final class Connections {

  private static final Duration CONNECTING = Duration.ofSeconds(10);

  private final World world;
  private final Kubeconfig.Access access;
  private final RequestMetrics metrics;
  private final Identity identity;
  private final Object lock = new Object();
  private @Nullable Current current;

  /// @param certificate the one that the client shows
  private record Current(HttpClient client, String certificate) {}

  /// @param metrics where requests are counted
  Connections(World world, Kubeconfig.Access access, RequestMetrics metrics) {
    this.world = world;
    this.access = access;
    this.metrics = metrics;
    this.identity = new Identity(world, access);
    if (access.more().exec() == null) {
      client(access.certificate(), access.key()); // what is wrong with keys is to be said at once
    }
  }

  /// Sends a request, and waits for the answer: for its body too, if `body` collects one.
  ///
  /// @throws IOException if there is no answer in time; the message says why
  <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body, Duration limit)
      throws IOException, InterruptedException {
    Identity.Proof proof = identity.proof();
    HttpResponse<T> answer = exchange(request, body, limit, proof);
    if (answer.statusCode() == 401 && identity.refused(proof)) {
      return exchange(request, body, limit, identity.proof());
    }
    return answer;
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest.Builder request,
      HttpResponse.BodyHandler<T> body,
      Duration limit,
      Identity.Proof proof)
      throws IOException, InterruptedException {
    if (!proof.authorization().isEmpty()) {
      request.setHeader("Authorization", proof.authorization());
    }
    impersonate(request);
    HttpRequest question = request.timeout(limit).build();
    long begun = world.nanoTime();
    try {
      HttpResponse<T> answer = answer(question, body, limit, proof);
      metrics.answered(question, answer, world.nanoTime() - begun);
      return answer;
    } catch (IOException e) {
      metrics.failed(question, world.nanoTime() - begun);
      throw e;
    }
  }

  private <T> HttpResponse<T> answer(
      HttpRequest question, HttpResponse.BodyHandler<T> body, Duration limit, Identity.Proof proof)
      throws IOException, InterruptedException {
    Current used = client(proof.certificate(), proof.key());
    CompletableFuture<HttpResponse<T>> answer = used.client.sendAsync(question, body);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      abandon(used);
      throw new IOException("no answer within " + limit.toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      abandon(used);
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private void impersonate(HttpRequest.Builder request) {
    AccessOptions.Impersonation as = access.more().impersonation();
    if (as.user().isEmpty()) {
      return;
    }
    request.setHeader("Impersonate-User", as.user());
    if (!as.uid().isEmpty()) {
      request.setHeader("Impersonate-Uid", as.uid());
    }
    setHeaders(request, "Impersonate-Group", as.groups());
    for (Map.Entry<String, List<String>> extra : as.extra().entrySet()) {
      setHeaders(
          request, "Impersonate-Extra-" + ExtraKey.escaped(extra.getKey()), extra.getValue());
    }
  }

  private static void setHeaders(HttpRequest.Builder request, String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      if (i == 0) {
        request.setHeader(name, values.get(i));
      } else {
        request.header(name, values.get(i));
      }
    }
  }

  private Current client(String certificate, String key) {
    synchronized (lock) {
      Current known = current;
      if (known == null || !known.certificate.equals(certificate)) {
        known = new Current(made(certificate, key), certificate);
        current = known;
      }
      return known;
    }
  }

  /// The next request makes new connections; those that are in use go on.
  private void abandon(Current used) {
    synchronized (lock) {
      if (current == used) {
        current = null;
      }
    }
  }

  private HttpClient made(String certificate, String key) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .sslContext(TlsContext.of(access, certificate, key))
            .connectTimeout(CONNECTING)
            .version(HttpClient.Version.HTTP_2);
    String proxy = access.more().proxy();
    if (!proxy.isEmpty()) {
      URI uri = URI.create(proxy);
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      builder.proxy(ProxySelector.of(InetSocketAddress.createUnresolved(uri.getHost(), port)));
    }
    return builder.build();
  }
}
