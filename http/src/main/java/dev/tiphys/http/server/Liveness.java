package dev.tiphys.http.server;

import dev.tiphys.world.World;
import java.time.Duration;

/// Whether a connection has kept the server waiting for too long.
///
/// Threads: the connection's event loop. Another thread would find answers that have been sent and
/// not yet been noted as ended.
final class Liveness {

  private static final long NEVER = Long.MAX_VALUE;

  private final World world;
  private long deadline = NEVER;
  private int answers;
  private int windowUpdates;
  private long seen;
  private long seenAt; // since when the answer has not got on

  Liveness(World world) {
    this.world = world;
    this.seenAt = world.nanoTime();
  }

  /// Something must come within `span`: until [#await] or [#rest] is called the next time.
  void await(Duration span) {
    deadline = world.nanoTime() + span.toNanos();
  }

  /// Nothing is waited for.
  void rest() {
    deadline = NEVER;
  }

  /// A whole answer is on its way: the client must go on reading.
  void answerBegun() {
    answers++;
  }

  void answerEnded() {
    answers--;
  }

  /// The client made room for more, so it reads.
  void windowUpdated() {
    windowUpdates++;
  }

  /// Whether the connection is to be closed. Is asked about once a second.
  ///
  /// @param unsent how many bytes wait for the socket
  boolean isOver(long unsent) {
    long now = world.nanoTime();
    long progress = ((long) windowUpdates << 40) ^ unsent;
    if (answers == 0 || progress != seen) {
      seen = progress;
      seenAt = now;
    }
    return deadline != NEVER && now - deadline >= 0
        || now - seenAt >= Timeouts.STALLED.toNanos() && answers > 0;
  }
}
