package dev.tiphys.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A connection that speaks another protocol from now on: plain bytes, both ways.
///
/// Threads: one reads, one writes; any may close.
public interface Tunnel extends AutoCloseable {

  /// What the client sends. Reading waits; the end is the end of the connection.
  InputStream input();

  /// What the client is sent. Writing waits while the client is behind; nothing needs to be
  /// flushed.
  OutputStream output();

  /// Closes the connection.
  @Override
  void close() throws IOException;
}
