package dev.tiphys.scheduler.extenders;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.time.Duration;

/// What carries requests to extenders.
@FunctionalInterface
public interface Transport {

  /// Posts something, and waits for the answer.
  ///
  /// @return what the body of the answer says, a struct or a list
  /// @throws ExtenderException if the answer is not what it should be
  /// @throws IOException if there is none in time
  Object post(String url, Struct body, Duration limit) throws IOException, InterruptedException;
}
