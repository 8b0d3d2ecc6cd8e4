package dev.tiphys.apiserver.http;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import java.util.concurrent.Semaphore;

/// How many requests are served at once. More are refused, so that those in work are finished; a
/// client that is refused tries again a little later.
///
/// Threads: any.
final class Limits {

  /// Upstream's numbers: requests that read, and requests that write.
  private static final int READS = 400;

  private static final int WRITES = 200;

  private final Semaphore reads = new Semaphore(READS);
  private final Semaphore writes = new Semaphore(WRITES);

  /// Runs `work` if there is room for it. Watches take no room.
  void within(String verb, Runnable work) {
    if (verb.equals("watch")) {
      work.run();
      return;
    }
    Semaphore room = verb.equals("get") || verb.equals("list") ? reads : writes;
    if (!room.tryAcquire()) {
      throw ApiException.of(Reason.TOO_MANY_REQUESTS, "Too many requests, please try again later.")
          .retryAfter(1);
    }
    try {
      work.run();
    } finally {
      room.release();
    }
  }
}
