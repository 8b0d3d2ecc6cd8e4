package dev.tiphys.apiserver.webhook;

import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sends reviews to webhooks and takes their answers.
///
/// Threads: any.
public final class Webhooks {

  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final long HTTPS = 443;

  /// How many webhooks' connections are kept.
  private static final int KEPT = 64;

  private final ServiceAddresses services;
  private final Map<Peer, HttpClient> clients = // guarded by itself
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Peer, HttpClient> eldest) {
          return size() > KEPT;
        }
      };

  /// How a webhook proves that it is the right one.
  ///
  /// @param authority as PEM; empty for the system's
  /// @param name that its certificate must have; empty for that in its URL
  private record Peer(String authority, String name) {}

  public Webhooks(ServiceAddresses services) {
    this.services = services;
  }

  /// What a webhook answers to a review.
  ///
  /// @param config its `clientConfig`
  /// @param limit how long it may take
  /// @throws WebhookException if it can't be reached, is late, or answers no JSON with status 200
  public Struct call(Struct config, Struct review, Duration limit) throws WebhookException {
    String query = "?timeout=" + limit.toSeconds() + "s";
    String shown = "Post \"" + url(config) + query + "\": ";
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address(config, shown) + query))
              .header("Content-Type", "application/json")
              .header("Accept", "application/json, */*")
              .timeout(limit)
              .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(review)))
              .build();
      HttpResponse<byte[]> answer =
          client(peer(config)).send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw new WebhookException(
            ServerRefusals.text(answer.statusCode(), answer.body()), answer.statusCode());
      }
      return Json.struct(answer.body());
    } catch (EncodingException e) {
      throw new WebhookException(
          "couldn't get version/kind; json parse error: " + e.getMessage(), e);
    } catch (HttpTimeoutException e) {
      throw new WebhookException(shown + "context deadline exceeded", e);
    } catch (IOException e) {
      throw new WebhookException(shown + reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new WebhookException(shown + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WebhookException(shown + "interrupted", e);
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof ConnectException) {
      return "connect: connection refused";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /// The URL as messages show it: a Service goes by its name.
  private static String url(Struct config) {
    if (!config.has("service")) {
      return config.string("url");
    }
    return "https://" + serverName(config) + ":" + port(config) + path(config);
  }

  private String address(Struct config, String shown) throws WebhookException {
    if (!config.has("service")) {
      return url(config);
    }
    Struct service = config.struct("service");
    try {
      return "https://"
          + services.resolve(service.string("namespace"), service.string("name"), port(config))
          + path(config);
    } catch (WebhookException e) {
      throw new WebhookException(shown + e.getMessage(), e);
    }
  }

  private static String serverName(Struct config) {
    Struct service = config.struct("service");
    return service.string("name") + "." + service.string("namespace") + ".svc";
  }

  private static long port(Struct config) {
    long port = config.integer("service", "port");
    return port == 0 ? HTTPS : port;
  }

  private static String path(Struct config) {
    String path = config.string("service", "path");
    return path.startsWith("/") ? path : "/" + path;
  }

  private static Peer peer(Struct config) {
    String bundle = config.string("caBundle");
    return new Peer(
        bundle.isEmpty()
            ? ""
            : new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII),
        config.has("service") ? serverName(config) : "");
  }

  private HttpClient client(Peer peer) {
    synchronized (clients) {
      return clients.computeIfAbsent(peer, Webhooks::clientOf);
    }
  }

  private static HttpClient clientOf(Peer peer) {
    Kubeconfig.Access access =
        new Kubeconfig.Access("", peer.authority, "", "", "")
            .with(AccessOptions.ofServer(peer.name, false));
    return HttpClient.newBuilder()
        .sslContext(TlsContext.of(access))
        .connectTimeout(CONNECTING)
        .build();
  }
}
