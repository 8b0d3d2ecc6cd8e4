package dev.tiphys.node.logs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which part of a log is wanted, and how. The fields are those of the API's log request.
///
/// @param follow whether to wait for more until the container ends
/// @param tail how many lines from the end to begin with; -1 for all. A line that was too long for
///   one counts as several, as upstream has it
/// @param since nothing older than this; null for no limit
/// @param timestamps whether each line begins with its time
/// @param limit how many bytes to give at most; -1 for all
/// @param stream only what was written there; null for both
public record LogOptions(
    boolean follow,
    long tail,
    @Nullable Instant since,
    boolean timestamps,
    long limit,
    @Nullable LogStream stream) {

  /// Everything that is there now.
  public static final LogOptions ALL = new LogOptions(false, -1, null, false, -1, null);

  public LogOptions following() {
    return new LogOptions(true, tail, since, timestamps, limit, stream);
  }

  public LogOptions withTail(long lines) {
    return new LogOptions(follow, lines, since, timestamps, limit, stream);
  }

  public LogOptions withSince(Instant time) {
    return new LogOptions(follow, tail, time, timestamps, limit, stream);
  }

  public LogOptions withTimestamps() {
    return new LogOptions(follow, tail, since, true, limit, stream);
  }

  public LogOptions withLimit(long bytes) {
    return new LogOptions(follow, tail, since, timestamps, bytes, stream);
  }

  public LogOptions only(LogStream wanted) {
    return new LogOptions(follow, tail, since, timestamps, limit, wanted);
  }
}
