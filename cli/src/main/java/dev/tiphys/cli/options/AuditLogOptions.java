package dev.tiphys.cli.options;

import dev.tiphys.apiserver.audit.LogBackend.Format;
import dev.tiphys.apiserver.audit.RotatingFile.Limits;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuditChoice.Delivery;
import dev.tiphys.cli.roles.AuditChoice.Log;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The file in which requests are recorded, with upstream's words for it.
final class AuditLogOptions {

  private static final List<String> FORMATS = List.of("legacy", "json");

  @Option(
      names = "--audit-log-path",
      paramLabel = "FILE",
      description = "The file in which requests are recorded; - for standard output.")
  private String path = "";

  @Option(
      names = "--audit-log-maxage",
      paramLabel = "DAYS",
      description = "How long files that were put aside are kept. Default: ${DEFAULT-VALUE}.")
  private int age = 366;

  @Option(
      names = "--audit-log-maxbackup",
      paramLabel = "N",
      description = "How many files that were put aside are kept. Default: ${DEFAULT-VALUE}.")
  private int count = 100;

  @Option(
      names = "--audit-log-maxsize",
      paramLabel = "MEGABYTES",
      description = "How large the file grows before it is put aside. Default: ${DEFAULT-VALUE}.")
  private int size = 100;

  @Option(
      names = "--audit-log-format",
      paramLabel = "FORMAT",
      description = "How events are written: json, legacy. Default: ${DEFAULT-VALUE}.")
  private String format = "json";

  @Option(
      names = "--audit-log-compress",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Whether files that were put aside are compressed.")
  private boolean packed;

  @Option(
      names = "--audit-log-mode",
      paramLabel = "MODE",
      description =
          "Whether requests wait until their events are kept: batch, blocking, blocking-strict."
              + " Default: ${DEFAULT-VALUE}.")
  private String mode = "blocking";

  @Option(
      names = "--audit-log-batch-buffer-size",
      paramLabel = "N",
      description = "How many events may wait. Default: ${DEFAULT-VALUE}.")
  private int room = 10_000;

  @Option(
      names = "--audit-log-batch-max-size",
      paramLabel = "N",
      description = "How many events a batch has at most. Default: ${DEFAULT-VALUE}.")
  private int most = 1;

  @Option(
      names = "--audit-log-batch-max-wait",
      paramLabel = "SPAN",
      description = "How long a batch waits for more. Default: ${DEFAULT-VALUE}.")
  private String patience = "0s";

  @Option(
      names = "--audit-log-batch-throttle-enable",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description =
          "Whether there are only so many batches in a second. Default: ${DEFAULT-VALUE}.")
  private boolean throttled = false;

  @Option(
      names = "--audit-log-batch-throttle-qps",
      paramLabel = "N",
      description = "How many batches there are in a second. Default: ${DEFAULT-VALUE}.")
  private double rate = 0;

  @Option(
      names = "--audit-log-batch-throttle-burst",
      paramLabel = "N",
      description = "How many batches there may be at once. Default: ${DEFAULT-VALUE}.")
  private int burst = 0;

  @Option(
      names = "--audit-log-truncate-enabled",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Whether events that are too large lose the content of the request.")
  private boolean truncated;

  @Option(
      names = "--audit-log-truncate-max-batch-size",
      paramLabel = "BYTES",
      description = "How large a batch is at most. Default: ${DEFAULT-VALUE}.")
  private long largestBatch = 10 << 20;

  @Option(
      names = "--audit-log-truncate-max-event-size",
      paramLabel = "BYTES",
      description = "How large an event is at most. Default: ${DEFAULT-VALUE}.")
  private long largestEvent = 100 << 10;

  @Option(
      names = "--audit-log-version",
      paramLabel = "VERSION",
      description = "Of the events: audit.k8s.io/v1, which is the only one.")
  private String version = AuditOptions.VERSION;

  private AuditDelivery delivery() {
    return new AuditDelivery(
        "log",
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
        false);
  }

  /// The file; null if none is asked for.
  ///
  /// @throws CliException if it does not go together
  @Nullable Log log() {
    if (path.isEmpty()) {
      return null;
    }
    Delivery delivery = delivery().checked();
    AuditOptions.checkVersion(version);
    if (!FORMATS.contains(format)) {
      throw new CliException(
          "invalid audit log format " + format + ", allowed formats are \"legacy,json\"");
    }
    checkLimit("maxage", age);
    checkLimit("maxbackup", count);
    checkLimit("maxsize", size);
    return new Log(
        path,
        format.equals("json") ? Format.JSON : Format.LEGACY,
        new Limits((long) size << 20, Duration.ofDays(age), count, packed),
        delivery);
  }

  private static void checkLimit(String name, int value) {
    if (value < 0) {
      throw new CliException("--audit-log-" + name + " " + value + " can't be a negative number");
    }
  }
}
