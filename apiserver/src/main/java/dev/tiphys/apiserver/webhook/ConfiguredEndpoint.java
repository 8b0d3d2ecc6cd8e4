package dev.tiphys.apiserver.webhook;

import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/// Another program that is sent JSON, as a kubeconfig says where and with what credentials.
///
/// Threads: any.
public final class ConfiguredEndpoint {

  private final Kubeconfig.Access access;
  private final HttpClient client;
  private final Duration timeout;

  /// @param timeout how long an answer may take
  /// @throws IOException if the kubeconfig can't be used
  public ConfiguredEndpoint(Path kubeconfig, Duration timeout) throws IOException {
    this.access = Kubeconfig.read(kubeconfig).current(kubeconfig);
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder().sslContext(TlsContext.of(access)).connectTimeout(timeout).build();
  }

  /// What is answered, whatever the status.
  ///
  /// @throws IOException if nothing is
  public HttpResponse<byte[]> post(byte[] json) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(access.server()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, */*")
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    if (!access.token().isEmpty()) {
      request.header("Authorization", "Bearer " + access.token());
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException("Post \"" + access.server() + "\": " + why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
