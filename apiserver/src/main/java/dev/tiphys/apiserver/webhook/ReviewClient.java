package dev.tiphys.apiserver.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/// Sends reviews to a program that a kubeconfig tells how to reach. What fails and may pass is
/// tried again.
///
/// Threads: any.
public final class ReviewClient {

  private static final int TRIES = 5;

  /// How long is waited before the first further try, if nothing else is said.
  public static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final World world;
  private final ConfiguredEndpoint endpoint;
  private final Duration firstPause;

  /// @param timeout how long each answer may take
  /// @throws IOException if the kubeconfig can't be used
  public ReviewClient(World world, Path kubeconfig, Duration timeout) throws IOException {
    this(world, kubeconfig, timeout, FIRST_PAUSE);
  }

  /// @param timeout how long each answer may take
  /// @param firstPause before the first further try; later ones are longer
  /// @throws IOException if the kubeconfig can't be used
  public ReviewClient(World world, Path kubeconfig, Duration timeout, Duration firstPause)
      throws IOException {
    this.world = world;
    this.firstPause = firstPause;
    this.endpoint = new ConfiguredEndpoint(kubeconfig, timeout);
  }

  /// The status of the review that is answered.
  ///
  /// @throws IOException if there is no answer
  public Struct ask(Struct review) throws IOException {
    Duration pause = firstPause;
    for (int tries = 1; ; tries++) {
      HttpResponse<byte[]> answer = endpoint.post(Json.bytes(review));
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
}
