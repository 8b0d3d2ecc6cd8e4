package dev.tiphys.node.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Hands on what is wanted of a log, in the form that is wanted.
final class LogWriter {

  private final LogOptions options;
  private final LogSink sink;
  private long left;
  private boolean atLineStart = true;

  LogWriter(LogOptions options, LogSink sink) {
    this.options = options;
    this.sink = sink;
    this.left = options.limit() < 0 ? Long.MAX_VALUE : options.limit();
  }

  /// Whether as much was given as was asked for.
  boolean full() {
    return left == 0;
  }

  /// Takes a line of the file. What is no line of a log is left out.
  void write(byte[] bytes) throws IOException {
    LogLine line = LogLine.parse(bytes);
    if (line == null || !wanted(line)) {
      return;
    }
    byte[] text = line.text();
    if (options.timestamps() && atLineStart) {
      text = joined((line.timestamp() + " ").getBytes(StandardCharsets.US_ASCII), text);
    }
    atLineStart = line.whole();
    byte[] allowed = text.length > left ? Arrays.copyOf(text, (int) left) : text;
    left -= allowed.length;
    sink.write(line.stream(), allowed);
  }

  private boolean wanted(LogLine line) {
    return (options.stream() == null || options.stream() == line.stream())
        && (options.since() == null || !line.time().toInstant().isBefore(options.since()));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
