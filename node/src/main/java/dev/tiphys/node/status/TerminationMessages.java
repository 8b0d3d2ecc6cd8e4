package dev.tiphys.node.status;

import dev.tiphys.node.logs.LogOptions;
import dev.tiphys.node.logs.LogReader;
import dev.tiphys.node.logs.LogSink;
import dev.tiphys.node.logs.LogStream;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.ContainerAnnotations;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What containers left when they ended: a file that they wrote, or the end of their log if they
/// failed and ask for that.
///
/// Threads: any.
public final class TerminationMessages {
  private static final int LONGEST_FILE = 4096;
  private static final int LONGEST_LOG = 2048;
  private static final int LINES = 80;

  private final PodDirectories directories;
  private final LogReader logs;

  public TerminationMessages(World world, PodDirectories directories) {
    this.directories = directories;
    this.logs = new LogReader(world);
  }

  /// The message of a container that has ended; empty if it left none.
  public String of(String uid, Observed ended) {
    Path file = directories.terminationMessage(uid, ended.name(), ended.restarts());
    try {
      if (Files.isRegularFile(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          String message = new String(in.readNBytes(LONGEST_FILE), StandardCharsets.UTF_8);
          if (!message.isEmpty()) {
            return message;
          }
        }
      }
      boolean fallsBack =
          ended.annotation(ContainerAnnotations.MESSAGE_POLICY).equals("FallbackToLogsOnError");
      return fallsBack && ended.status().exitCode() != 0 ? logsOf(ended) : "";
    } catch (IOException _) {
      return ""; // It is gone with the rest of the Pod's files.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private String logsOf(Observed ended) throws IOException, InterruptedException {
    Path log = Path.of(ended.status().logPath());
    if (!Files.isRegularFile(log)) {
      return "";
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    logs.read(
        log,
        LogOptions.ALL.withTail(LINES),
        () -> false,
        new LogSink() {
          @Override
          public void write(LogStream stream, byte[] bytes) {
            text.writeBytes(bytes);
          }

          @Override
          public void flush() {}
        });
    byte[] bytes = text.toByteArray();
    int start = Math.max(0, bytes.length - LONGEST_LOG);
    return new String(Arrays.copyOfRange(bytes, start, bytes.length), StandardCharsets.UTF_8);
  }
}
