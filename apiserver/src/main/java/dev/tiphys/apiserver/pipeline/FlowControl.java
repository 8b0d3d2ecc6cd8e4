package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.concurrent.Semaphore;

/// How many requests are served at once. More are refused, so that those in work are finished; a
/// client that is refused tries again a little later.
///
/// Long-running requests hold no permit, nor do parts of the cluster in this process: how many
/// requests they make at once is bounded by their own workers, and they must not be held up by a
/// flood from outside. Nor do members of `system:masters`, who must get in to end one.
///
/// Threads: any.
final class FlowControl {

  /// Upstream's numbers: requests that read, and requests that write.
  private static final int READS = 400;

  private static final int WRITES = 200;

  private static final Permit NONE = () -> {};

  private final Semaphore reads = new Semaphore(READS);
  private final Semaphore writes = new Semaphore(WRITES);

  /// The right to be served, until it is closed.
  interface Permit extends AutoCloseable {
    @Override
    void close();
  }

  /// @throws ApiException `TOO_MANY_REQUESTS` if there is no room
  Permit admit(Sender sender, UserInfo user, RequestInfo info) {
    if (sender instanceof Sender.InProcess
        || user.groups().contains(UserInfo.MASTERS)
        || info.isLongRunning()) {
      return NONE;
    }
    Semaphore room = info.isReading() ? reads : writes;
    if (!room.tryAcquire()) {
      throw ApiException.of(Reason.TOO_MANY_REQUESTS, "Too many requests, please try again later.")
          .retryAfter(1);
    }
    return room::release;
  }
}
