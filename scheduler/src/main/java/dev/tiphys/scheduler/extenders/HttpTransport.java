package dev.tiphys.scheduler.extenders;

import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.config.ExtenderConfiguration.Tls;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/// Reaches an extender over HTTP.
final class HttpTransport implements Transport {

  private static final int OK = 200;

  private final HttpClient client;

  /// @throws ConfigurationException if keys or certificates can't be used
  HttpTransport(Tls tls, Duration timeout) {
    Kubeconfig.Access access =
        new Kubeconfig.Access(
            "",
            pem(tls.caData(), tls.caFile()),
            pem(tls.certData(), tls.certFile()),
            pem(tls.keyData(), tls.keyFile()),
            "",
            AccessOptions.ofServer(tls.serverName(), tls.insecure()));
    try {
      this.client =
          HttpClient.newBuilder()
              .sslContext(TlsContext.of(access))
              .connectTimeout(timeout)
              .version(HttpClient.Version.HTTP_1_1)
              .build();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  /// @param data in base64; empty if a file holds it
  private static String pem(String data, String file) {
    try {
      if (!data.isEmpty()) {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.US_ASCII);
      }
      return file.isEmpty() ? "" : Files.readString(Path.of(file), StandardCharsets.US_ASCII);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException("open " + file + ": " + e.getMessage());
    }
  }

  @Override
  public Object post(String url, Struct body, Duration limit)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(limit)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
            .build();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != OK) {
      throw new ExtenderException(
          "failed "
              + url.substring(url.lastIndexOf('/') + 1)
              + " with extender at URL "
              + url
              + ", code "
              + answer.statusCode());
    }
    try {
      return Json.parse(answer.body());
    } catch (EncodingException e) {
      throw new ExtenderException(String.valueOf(e.getMessage()));
    }
  }
}
