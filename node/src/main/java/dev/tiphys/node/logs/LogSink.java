package dev.tiphys.node.logs;

import java.io.IOException;

/// Where a log goes.
///
/// Either method may throw: the reader then stops, and its caller gets the exception.
public interface LogSink {

  /// Takes a piece of the log. The bytes are the sink's to keep.
  void write(LogStream stream, byte[] bytes) throws IOException;

  /// Says that no more is there for now: what was written so far is to be sent.
  void flush() throws IOException;
}
