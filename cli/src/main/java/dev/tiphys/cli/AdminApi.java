package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The API of a running cluster, for its administrator.
final class AdminApi {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Kubeconfig.Access access;
  private final HttpClient client;

  private AdminApi(Kubeconfig.Access access) {
    this.access = access;
    this.client = HttpClient.newBuilder().sslContext(TlsContext.of(access)).build();
  }

  /// The API of the cluster of a data directory.
  ///
  /// @throws CliException if no cluster was ever started there
  static AdminApi of(DataDirectory data) {
    Path file = data.adminKubeconfig();
    if (!Files.exists(file)) {
      throw new CliException(
          "no cluster was started in %s yet; start one with tiphys up".formatted(data.path()));
    }
    try {
      return new AdminApi(Kubeconfig.read(file).current(file));
    } catch (IOException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  String server() {
    return access.server();
  }

  HttpApi api() {
    return new HttpApi(new RealWorld(), access, "tiphys");
  }

  /// A text that the server answers at a path.
  ///
  /// @throws CliException if it can't be reached, or refuses
  String text(String path) {
    return new String(bytes(path), StandardCharsets.UTF_8);
  }

  /// As [#text], of any content.
  byte[] bytes(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(access.server() + path)).timeout(PATIENCE).build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new CliException(
            "the server answers %s with %d: %s"
                .formatted(path, answer.statusCode(), reason(answer.body())));
      }
      return answer.body();
    } catch (IOException e) {
      throw new CliException("cannot reach " + access.server() + "; does the cluster run?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  /// The message of a Status, or all that was answered if it is none.
  private static String reason(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    try {
      String message = Json.struct(text).string("message");
      return message.isEmpty() ? text : message;
    } catch (EncodingException e) {
      return text; // pages answer with text
    }
  }

  /// A document that the server answers at a path.
  Struct document(String path) {
    try {
      return Json.struct(text(path));
    } catch (EncodingException e) {
      throw new CliException("the server's answer can't be read: " + e.getMessage(), e);
    }
  }
}
