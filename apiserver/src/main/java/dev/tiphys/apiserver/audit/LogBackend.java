package dev.tiphys.apiserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes each event on a line of its own.
///
/// Threads: any.
public final class LogBackend implements Backend {

  private static final String PLUGIN = "log";

  private final OutputStream out;
  private final Format format;
  private final AuditMetrics metrics;

  /// How events are written.
  public enum Format {
    JSON,
    /// With less in it, for people.
    LEGACY
  }

  /// @param out takes each line with one call, from any thread
  public LogBackend(OutputStream out, Format format, AuditMetrics metrics) {
    this.out = out;
    this.format = format;
    this.metrics = metrics;
  }

  @Override
  public boolean process(List<AuditEvent> events) {
    List<AuditEvent> lost = new ArrayList<>(0);
    String problem = "";
    for (AuditEvent event : events) {
      try {
        out.write(line(event));
      } catch (IOException e) {
        lost.add(event);
        problem = String.valueOf(e.getMessage());
      }
    }
    if (!lost.isEmpty()) {
      metrics.lost(PLUGIN, problem, lost);
    }
    return lost.isEmpty();
  }

  private byte[] line(AuditEvent event) {
    byte[] text =
        switch (format) {
          case JSON -> event.json();
          case LEGACY -> event.line().getBytes(UTF_8);
        };
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      metrics.lost(PLUGIN, String.valueOf(e.getMessage()), List.of());
    }
  }
}
