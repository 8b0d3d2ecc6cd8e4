package dev.tiphys.apiserver.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tiphys.apiserver.webhook.ConfiguredEndpoint;
import dev.tiphys.object.encoding.ByteBuilder;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Sends batches of events to another program, as an EventList. Whatever goes wrong, it is tried
/// again a few times.
///
/// Threads: any.
public final class WebhookBackend implements Backend {

  private static final String PLUGIN = "webhook";
  private static final int TRIES = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final byte[] HEAD =
      "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["
          .getBytes(US_ASCII);

  private final World world;
  private final ConfiguredEndpoint endpoint;
  private final Duration pause;
  private final AuditMetrics metrics;

  /// @param kubeconfig where to send them, and with what credentials
  /// @param pause before the first further try; later ones are longer
  /// @throws IOException if the kubeconfig can't be used
  public WebhookBackend(World world, Path kubeconfig, Duration pause, AuditMetrics metrics)
      throws IOException {
    this.world = world.background();
    this.endpoint = new ConfiguredEndpoint(kubeconfig, TIMEOUT);
    this.pause = pause;
    this.metrics = metrics;
  }

  @Override
  public boolean process(List<AuditEvent> events) {
    byte[] list = list(events);
    Duration next = pause;
    String problem = "";
    for (int tries = 1; tries <= TRIES; tries++) {
      try {
        if (tries > 1) {
          world.sleep(
              next.plusMillis((long) (next.toMillis() * 0.2 * world.random().nextDouble())));
          next = next.multipliedBy(3).dividedBy(2);
        }
        int status = endpoint.post(list).statusCode();
        if (status / 100 == 2) {
          return true;
        }
        problem = "the server rejected our request for an unknown reason (status " + status + ")";
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        problem = "interrupted";
        break;
      }
    }
    metrics.lost(PLUGIN, problem, events);
    return false;
  }

  private static byte[] list(List<AuditEvent> events) {
    ByteBuilder out = new ByteBuilder(events.size() * 1024);
    out.add(HEAD, 0, HEAD.length);
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        out.add(',');
      }
      byte[] event = events.get(i).json();
      out.add(event, 0, event.length);
    }
    out.add(']');
    out.add('}');
    return out.toBytes();
  }
}
