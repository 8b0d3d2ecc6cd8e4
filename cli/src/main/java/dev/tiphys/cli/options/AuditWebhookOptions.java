package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuditChoice.Delivery;
import dev.tiphys.cli.roles.AuditChoice.Webhook;
import dev.tiphys.object.GoDuration;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The program that is sent what is recorded of requests, with upstream's words for it.
final class AuditWebhookOptions {

  @Option(
      names = "--audit-webhook-config-file",
      paramLabel = "FILE",
      description = "The kubeconfig by which a program is reached that is sent events.")
  private @Nullable Path kubeconfig;

  @Option(
      names = {"--audit-webhook-initial-backoff", "--audit-webhook-batch-initial-backoff"},
      paramLabel = "SPAN",
      description = "How long to wait before it is tried again. Default: ${DEFAULT-VALUE}.")
  private String pause = "10s";

  @Option(
      names = "--audit-webhook-mode",
      paramLabel = "MODE",
      description =
          "Whether requests wait until their events are kept: batch, blocking, blocking-strict."
              + " Default: ${DEFAULT-VALUE}.")
  private String mode = "batch";

  @Option(
      names = "--audit-webhook-batch-buffer-size",
      paramLabel = "N",
      description = "How many events may wait. Default: ${DEFAULT-VALUE}.")
  private int room = 10_000;

  @Option(
      names = "--audit-webhook-batch-max-size",
      paramLabel = "N",
      description = "How many events a batch has at most. Default: ${DEFAULT-VALUE}.")
  private int most = 400;

  @Option(
      names = "--audit-webhook-batch-max-wait",
      paramLabel = "SPAN",
      description = "How long a batch waits for more. Default: ${DEFAULT-VALUE}.")
  private String patience = "30s";

  @Option(
      names = "--audit-webhook-batch-throttle-enable",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description =
          "Whether there are only so many batches in a second. Default: ${DEFAULT-VALUE}.")
  private boolean throttled = true;

  @Option(
      names = "--audit-webhook-batch-throttle-qps",
      paramLabel = "N",
      description = "How many batches there are in a second. Default: ${DEFAULT-VALUE}.")
  private double rate = 10;

  @Option(
      names = "--audit-webhook-batch-throttle-burst",
      paramLabel = "N",
      description = "How many batches there may be at once. Default: ${DEFAULT-VALUE}.")
  private int burst = 15;

  @Option(
      names = "--audit-webhook-truncate-enabled",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Whether events that are too large lose the content of the request.")
  private boolean truncated;

  @Option(
      names = "--audit-webhook-truncate-max-batch-size",
      paramLabel = "BYTES",
      description = "How large a batch is at most. Default: ${DEFAULT-VALUE}.")
  private long largestBatch = 10 << 20;

  @Option(
      names = "--audit-webhook-truncate-max-event-size",
      paramLabel = "BYTES",
      description = "How large an event is at most. Default: ${DEFAULT-VALUE}.")
  private long largestEvent = 100 << 10;

  @Option(
      names = "--audit-webhook-version",
      paramLabel = "VERSION",
      description = "Of the events: audit.k8s.io/v1, which is the only one.")
  private String version = AuditOptions.VERSION;

  private AuditDelivery delivery() {
    return new AuditDelivery(
        "webhook",
        mode,
        room,
        most,
        patience,
        throttled,
        rate,
        burst,
        truncated,
        largestEvent,
        largestBatch,
        true);
  }

  /// The program; null if none is asked for.
  ///
  /// @throws CliException if it does not go together
  @Nullable Webhook webhook() {
    if (kubeconfig == null) {
      return null;
    }
    Delivery delivery = delivery().checked();
    AuditOptions.checkVersion(version);
    return new Webhook(kubeconfig, GoDuration.parse(pause), delivery);
  }
}
