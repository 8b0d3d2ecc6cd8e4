package dev.tiphys.apiserver.webhook;

import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/// Sends reviews to a program that a kubeconfig tells how to reach. What fails and may pass is
/// tried again.
///
/// Threads: any.
public final class ReviewClient {

  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final World world;
  private final Duration timeout;
  private final Kubeconfig.Access access;
  private final HttpClient client;

  /// @param timeout how long each answer may take
  /// @throws IOException if the kubeconfig can't be used
  public ReviewClient(World world, Path kubeconfig, Duration timeout) throws IOException {
    this.world = world;
    this.timeout = timeout;
    this.access = Kubeconfig.read(kubeconfig).current(kubeconfig);
    this.client =
        HttpClient.newBuilder().sslContext(TlsContext.of(access)).connectTimeout(timeout).build();
  }

  /// The status of the review that is answered.
  ///
  /// @throws IOException if there is no answer
  public Struct ask(Struct review) throws IOException {
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      HttpResponse<byte[]> answer = post(review);
      boolean passing = answer.statusCode() == 500 || answer.statusCode() == 429;
      if (answer.statusCode() / 100 == 2) {
        return read(answer.body());
      }
      if (!passing || tries == TRIES) {
        throw new IOException(
            "the server rejected our request for an unknown reason (status "
                + answer.statusCode()
                + ")");
      }
      pause(pause);
      pause = pause.multipliedBy(3).dividedBy(2);
    }
  }

  private static Struct read(byte[] body) throws IOException {
    try {
      return Json.struct(body).struct("status");
    } catch (EncodingException e) {
      throw new IOException("the answer is no JSON: " + e.getMessage(), e);
    }
  }

  private void pause(Duration span) throws IOException {
    try {
      world.sleep(span);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private HttpResponse<byte[]> post(Struct review) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(access.server()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, */*")
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(review)));
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
