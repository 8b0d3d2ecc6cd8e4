package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.audit.AuditMetrics;
import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.audit.Backend;
import dev.tiphys.apiserver.audit.BufferedBackend;
import dev.tiphys.apiserver.audit.BufferedBackend.Batching;
import dev.tiphys.apiserver.audit.LogBackend;
import dev.tiphys.apiserver.audit.LogBackend.Format;
import dev.tiphys.apiserver.audit.RotatingFile;
import dev.tiphys.apiserver.audit.RotatingFile.Limits;
import dev.tiphys.apiserver.audit.TruncatingBackend;
import dev.tiphys.apiserver.audit.WebhookBackend;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.world.World;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is recorded of requests, and where.
///
/// @param policy what; null for nothing
/// @param log null for no file
/// @param webhook null for no other program
public record AuditChoice(
    @Nullable AuditPolicy policy, @Nullable Log log, @Nullable Webhook webhook) {

  /// Nothing is recorded.
  public static final AuditChoice NONE = new AuditChoice(null, null, null);

  /// A file of events.
  ///
  /// @param path `-` for standard output
  public record Log(String path, Format format, Limits limits, Delivery delivery) {}

  /// Another program that is sent events.
  ///
  /// @param pause before it is tried again
  public record Webhook(Path kubeconfig, Duration pause, Delivery delivery) {}

  /// How events get to where they are kept.
  ///
  /// @param largestEvent in bytes; 0 for any size
  /// @param largestBatch in bytes
  public record Delivery(Mode mode, Batching batching, long largestEvent, long largestBatch) {}

  /// What requests have to do with the keeping of their events.
  public enum Mode {
    /// Nothing.
    BATCH,
    /// They wait for it.
    BLOCKING,
    /// They wait for it, and are refused if it fails.
    BLOCKING_STRICT
  }

  /// @throws CliException if the file or the webhook can't be used
  Auditor open(World world) {
    if (policy == null || log == null && webhook == null) {
      return Auditor.OFF;
    }
    AuditMetrics metrics = new AuditMetrics();
    List<Backend> backends = new ArrayList<>();
    try {
      if (log != null) {
        backends.add(
            delivered(
                world,
                new LogBackend(file(world, log), log.format, metrics),
                log.delivery,
                metrics));
      }
      if (webhook != null) {
        backends.add(
            delivered(
                world,
                new WebhookBackend(world, webhook.kubeconfig, webhook.pause, metrics),
                webhook.delivery,
                metrics));
      }
    } catch (IOException e) {
      backends.forEach(Backend::close);
      throw new CliException("cannot record requests as asked: " + e.getMessage(), e);
    }
    return new Auditor(world, policy, Backend.union(backends), metrics);
  }

  private static OutputStream file(World world, Log log) throws IOException {
    return log.path.equals("-")
        ? new StandardOutput()
        : new RotatingFile(world, Path.of(log.path), log.limits);
  }

  private static Backend delivered(
      World world, Backend backend, Delivery delivery, AuditMetrics metrics) {
    Backend moded =
        switch (delivery.mode) {
          case BATCH -> new BufferedBackend(world, backend, delivery.batching, metrics);
          case BLOCKING -> backend.ignoringFailures();
          case BLOCKING_STRICT -> backend;
        };
    return delivery.largestEvent == 0
        ? moded
        : new TruncatingBackend(moded, delivery.largestEvent, delivery.largestBatch, metrics);
  }

  /// Is not closed with the log.
  private static final class StandardOutput extends FilterOutputStream {
    StandardOutput() {
      super(System.out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
