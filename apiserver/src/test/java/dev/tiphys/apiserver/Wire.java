package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import javax.net.ssl.SSLSocket;

/// Requests as they go over the wire, with every header field and the bytes of the answer.
final class Wire {

  private final Kubeconfig.Access access;
  private final HttpClient client;

  Wire(RunningServer server) {
    this(server, HttpClient.Version.HTTP_2);
  }

  /// @param token of the user that asks; empty for nobody in particular
  Wire(RunningServer server, String token) {
    this(server.withToken(token), HttpClient.Version.HTTP_2);
  }

  Wire(RunningServer server, HttpClient.Version version) {
    this(server.withToken("master"), version);
  }

  /// @param access whose requests these are
  Wire(Kubeconfig.Access access) {
    this(access, HttpClient.Version.HTTP_2);
  }

  private Wire(Kubeconfig.Access access, HttpClient.Version version) {
    this.access = access;
    client = HttpClient.newBuilder().version(version).sslContext(TlsContext.of(access)).build();
  }

  /// A connection for bytes as they are.
  static SSLSocket connect(RunningServer server) throws IOException {
    URI url = URI.create(server.url());
    return (SSLSocket)
        TlsContext.of(server.withToken("master"))
            .getSocketFactory()
            .createSocket(url.getHost(), url.getPort());
  }

  /// What came back.
  record Answer(HttpResponse<byte[]> response) {
    int code() {
      return response.statusCode();
    }

    String text() {
      return new String(response.body(), UTF_8);
    }

    Struct json() {
      return Json.struct(response.body());
    }

    /// What a Status says.
    String message() {
      return json().string("message");
    }

    String reason() {
      return json().string("reason");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    List<String> headers(String name) {
      return response.headers().allValues(name);
    }
  }

  /// @param headers names and values in turn
  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  Answer post(String path, String single, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, json(single), headers);
  }

  Answer put(String path, String single, String... headers)
      throws IOException, InterruptedException {
    return send("PUT", path, json(single), headers);
  }

  Answer delete(String path, String single, String... headers)
      throws IOException, InterruptedException {
    return send("DELETE", path, json(single), headers);
  }

  /// @param type `json-patch`, `merge-patch` or `strategic-merge-patch`
  Answer patch(String type, String path, String single) throws IOException, InterruptedException {
    return send("PATCH", path, json(single), "Content-Type", "application/" + type + "+json");
  }

  /// JSON, written with single quotes.
  static String json(String single) {
    return single.replace('\'', '"');
  }

  Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send(method, path, body.getBytes(UTF_8), headers);
  }

  Answer send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path, headers)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return new Answer(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.server() + path));
    if (!access.token().isEmpty()) {
      request.header("Authorization", "Bearer " + access.token());
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  /// A watch, frame by frame.
  record Frames(HttpResponse<InputStream> response, BufferedReader lines) implements AutoCloseable {
    /// The next frame; empty at the end.
    Struct next() throws IOException {
      String line = lines.readLine();
      return line == null ? Struct.EMPTY : Json.struct(line);
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  Frames watch(String path, String... headers) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofInputStream());
    return new Frames(response, new BufferedReader(new InputStreamReader(response.body(), UTF_8)));
  }

  /// Opens a WebSocket.
  ///
  /// @param protocols the subprotocols that are offered
  WebSocket socket(String path, WebSocket.Listener listener, String... protocols) {
    WebSocket.Builder builder =
        client.newWebSocketBuilder().header("Authorization", "Bearer " + access.token());
    if (protocols.length > 0) {
      builder.subprotocols(
          protocols[0], java.util.Arrays.copyOfRange(protocols, 1, protocols.length));
    }
    return builder
        .buildAsync(URI.create(access.server().replace("https:", "wss:") + path), listener)
        .join();
  }
}
